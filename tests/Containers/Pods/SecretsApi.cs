using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Provost.Containers.Tests.Pods;

/// <summary>
/// Stands in for the API server where a pod talks to it: the Secrets of one namespace, over TLS, for the holder of a token,
/// within the rights that the rendered Role gives that account.
/// </summary>
internal sealed class SecretsApi : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, JsonObject> secrets = [];
    private readonly PodTree tree;
    private readonly string account;
    private readonly WebApplication app;

    private SecretsApi(PodTree tree, string account, string address, int port)
    {
        (this.tree, this.account, Address, Port) = (tree, account, address, port);
        var certificate = ServerCertificate.Create(address);
        Authority = certificate.Authority;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            System.Net.IPAddress.Parse(address), port, listen => listen.UseHttps(X509Certificate2.CreateFromPem(certificate.Certificate, certificate.Key))));
        app = builder.Build();
        app.Map("/api/v1/namespaces/{space}/secrets/{name?}", AnswerAsync);
    }

    public string Address { get; }

    public int Port { get; }

    public string Authority { get; }

    public string Token { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>What was refused, and why.</summary>
    public ConcurrentQueue<string> Refused { get; } = [];

    /// <param name="account">Service account to which the token belongs.</param>
    /// <param name="address">Of this machine, as pods reach it.</param>
    public static async Task<SecretsApi> StartAsync(PodTree tree, string account, string address)
    {
        var api = new SecretsApi(tree, account, address, Harness.FreePort.Next());
        await api.app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>Keys and values of a Secret; null when it was never made.</summary>
    public IReadOnlyDictionary<string, string>? Find(string name) => !secrets.TryGetValue(name, out var secret)
        ? null : secret["data"]!.AsObject().ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(Convert.FromBase64String((string)pair.Value!)));

    private async Task AnswerAsync(HttpContext context)
    {
        var name = context.Request.RouteValues["name"] as string;
        var verb = context.Request.Method switch { "POST" => "create", "PUT" => "update", _ => "get" };
        if (context.Request.Headers.Authorization != $"Bearer {Token}" || !tree.MayUseSecret(account, verb, name))
        {
            await RefuseAsync(context, 403, "Forbidden", $"{account} may not {verb} secrets {name}");
            return;
        }
        if (verb == "get" && !secrets.ContainsKey(name!))
        {
            await RefuseAsync(context, 404, "NotFound", $"secrets \"{name}\" not found");
            return;
        }
        if (verb != "get")
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
            secrets[name ?? (string)body["metadata"]!["name"]!] = body;
            name ??= (string)body["metadata"]!["name"]!;
        }
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(secrets[name!].ToJsonString());
    }

    private async Task RefuseAsync(HttpContext context, int status, string reason, string message)
    {
        if (status == 403)
        {
            Refused.Enqueue(message);
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject { ["kind"] = "Status", ["status"] = "Failure", ["reason"] = reason, ["message"] = message, ["code"] = status }.ToJsonString());
    }
}
