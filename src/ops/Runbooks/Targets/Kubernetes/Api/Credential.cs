using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Runbooks.Tools;
using YamlDotNet.RepresentationModel;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>The token of a kubeconfig's user: written there, in a file, or given by a program (as the clouds do).</summary>
internal sealed class Credential(string file, YamlMappingNode user, TimeProvider time)
{
    // A token that ends while a request is on its way is no token.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private (string? Token, DateTimeOffset Until)? given;

    public async Task<string?> TokenAsync(CancellationToken cancellation)
    {
        if (KubeConfig.Text(user, "token") is { } token)
        {
            return token;
        }
        if (KubeConfig.Text(user, "tokenFile") is { } path)
        {
            return (await File.ReadAllTextAsync(path, cancellation)).Trim();
        }
        if (!user.Children.TryGetValue("exec", out var node) || node is not YamlMappingNode exec)
        {
            return null;
        }
        if (given is not { } known || known.Until - Margin <= time.GetUtcNow())
        {
            given = await AskAsync(exec, cancellation);
        }
        return given?.Token;
    }

    // Without an end it is good for as long as this program runs.
    private async Task<(string? Token, DateTimeOffset Until)> AskAsync(YamlMappingNode exec, CancellationToken cancellation)
    {
        var version = KubeConfig.Text(exec, "apiVersion") ?? "client.authentication.k8s.io/v1";
        var environment = Pairs(exec).Append(new("KUBERNETES_EXEC_INFO", new JsonObject
        {
            ["apiVersion"] = version,
            ["kind"] = "ExecCredential",
            ["spec"] = new JsonObject { ["interactive"] = false },
        }.ToJsonString())).ToDictionary();
        var command = new Command(KubeConfig.Text(exec, "command") ?? "", Words(exec), Environment: environment);
        using var answer = new MemoryStream();
        List<string> said = [];
        var exitCode = await Shell.StreamAsync(command, answer, said.Add, cancellation);
        if (exitCode != 0)
        {
            throw new OperationError(ErrorKind.Refused, $"{command.Program} of {file} gave no credential: it exited with code {exitCode}", "sign in with it again, or name another context", said);
        }
        try
        {
            var status = JsonNode.Parse(answer.ToArray())?["status"];
            return ((string?)status?["token"], DateTimeOffset.TryParse((string?)status?["expirationTimestamp"], CultureInfo.InvariantCulture, out var until) ? until : DateTimeOffset.MaxValue);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OperationError(ErrorKind.Failed, $"{command.Program} of {file} gave no credential that can be read: {e.Message}", "run it by hand and look at what it prints", cause: e);
        }
    }

    private static string[] Words(YamlMappingNode exec) =>
        exec.Children.TryGetValue("args", out var node) && node is YamlSequenceNode list ? [.. list.OfType<YamlScalarNode>().Select(word => word.Value ?? "")] : [];

    private static IEnumerable<KeyValuePair<string, string>> Pairs(YamlMappingNode exec) =>
        exec.Children.TryGetValue("env", out var node) && node is YamlSequenceNode list
            ? list.OfType<YamlMappingNode>().Select(pair => KeyValuePair.Create(KubeConfig.Text(pair, "name") ?? "", KubeConfig.Text(pair, "value") ?? ""))
            : [];
}
