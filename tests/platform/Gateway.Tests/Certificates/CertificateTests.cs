using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Provost.Hosting.Draining;
using Provost.Hosting.Tests;

namespace Provost.Gateway.Tests.Certificates;

public sealed class CertificateTests
{
    private readonly string directory = Directory.CreateTempSubdirectory("provost-").FullName;

    [Fact]
    public async Task A_changed_certificate_is_served_without_a_restart_and_a_broken_one_changes_nothing()
    {
        Write("first");
        await using var edge = await StartAsync("http://127.0.0.1:1");
        Assert.Equal("CN=first", await SubjectAsync(edge.Public.Port, SslProtocols.Tls13));

        Write("second");
        await Eventually.HoldsAsync(async () => await SubjectAsync(edge.Public.Port, SslProtocols.Tls13) == "CN=second", "the new certificate is served");

        await File.WriteAllTextAsync(Path.Combine(directory, "tls.crt"), "half a file", TestContext.Current.CancellationToken);
        await Task.Delay(2500, TestContext.Current.CancellationToken);
        Assert.Equal("CN=second", await SubjectAsync(edge.Public.Port, SslProtocols.Tls12));
    }

    [Fact]
    public async Task Speaks_HTTP_2_with_HSTS_redirects_plain_HTTP_and_refuses_old_TLS()
    {
        Write("campus.example");
        var (replica, address) = await TestEdge.ReplicaAsync("replica");
        await using var app = replica;
        await using var edge = await StartAsync(address, ("Listen:Redirect", "tcp:127.0.0.1:0"));
        using var client = Trusting();

        using var answer = await client.SendAsync(Http2(edge, "/api/who"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));

        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var redirect = await plain.GetAsync(new Uri($"{edge.App.Urls.Last()}/courses/1?tab=items"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.PermanentRedirect, redirect.StatusCode);
        Assert.Equal("https://campus.example/courses/1?tab=items", redirect.Headers.Location?.OriginalString);

#pragma warning disable SYSLIB0039, CA5397 // That they are refused is the point.
        await Assert.ThrowsAnyAsync<Exception>(() => SubjectAsync(edge.Public.Port, SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
    }

    [Fact]
    public async Task A_draining_gateway_sends_HTTP_2_clients_away_with_GOAWAY()
    {
        Write("campus.example");
        var (replica, address) = await TestEdge.ReplicaAsync("replica");
        await using var app = replica;
        await using var edge = await StartAsync(address, ("Service:DrainSeconds", "20"));
        using var client = Trusting();
        using (await client.SendAsync(Http2(edge, "/api/who"), TestContext.Current.CancellationToken))
        {
            edge.App.Services.GetRequiredService<Drain>().Begin(handOver: false);
        }

        using var during = await client.SendAsync(Http2(edge, "/api/who"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, during.StatusCode);
        await Eventually.HoldsAsync(
            async () => (await edge.Admin.GetStringAsync("/drain")).Contains("\"connections\":0", StringComparison.Ordinal), "the connection was given up");
    }

    [Fact]
    public void A_domain_without_certificate_files_is_refused() => Assert.Equal(
        ["CertificateFile", "KeyFile"],
        new GatewayOptions { Domain = "campus.example", KeyFile = "/nowhere/tls.key" }.Problems().Select(problem => problem.Key));

    private Task<TestEdge> StartAsync(string api, params (string, string)[] more) => TestEdge.StartAsync([api], [],
    [
        ("Gateway:Domain", "campus.example"), ("Gateway:CertificateFile", Path.Combine(directory, "tls.crt")),
        ("Gateway:KeyFile", Path.Combine(directory, "tls.key")), .. more,
    ]);

    private void Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var start = TimeProvider.System.GetUtcNow().AddDays(-1);
        using var certificate = request.CreateSelfSigned(start, start.AddDays(30));
        File.WriteAllText(Path.Combine(directory, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(directory, "tls.crt"), certificate.ExportCertificatePem());
    }

#pragma warning disable CA5359 // The certificates of these tests are signed by nobody.
    private static HttpClient Trusting() =>
        new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });

    private static async Task<string> SubjectAsync(int port, SslProtocols protocol)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "campus.example", EnabledSslProtocols = protocol });
        return tls.RemoteCertificate!.Subject;
    }
#pragma warning restore CA5359

    private static HttpRequestMessage Http2(TestEdge edge, string path) =>
        new(HttpMethod.Get, new Uri($"https://127.0.0.1:{edge.Public.Port}{path}")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
}
