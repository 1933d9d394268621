using System.Net;
using System.Text.RegularExpressions;

namespace Provost.Gateway.Tests.Protection;

public sealed class HeaderTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("http://127.0.0.1:9")]
    public async Task Replicas_see_our_forwarding_headers_and_trace_and_never_the_clients(string? collector)
    {
        var (replica, address) = await TestEdge.ReplicaAsync("replica");
        await using var app = replica;
        await using var edge = await TestEdge.StartAsync([address], [], collector is null ? [] : [("Traces:Endpoint", collector)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/headers");
        foreach (var (name, value) in new[]
        {
            ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Evil", "evil"),
            ("X-Original-URL", "/evil"), ("X-Real-IP", "6.6.6.6"), ("Forwarded", "for=6.6.6.6"), ("X-HTTP-Method-Override", "DELETE"),
            ("traceparent", "00-11111111111111111111111111111111-2222222222222222-01"),
        })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await edge.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var seen = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain("6.6.6.6", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Override", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("11111111111111111111111111111111", seen, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(seen, "^traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", RegexOptions.IgnoreCase | RegexOptions.Multiline));
    }

    [Fact]
    public async Task Browsers_are_told_what_a_page_may_do_and_not_what_serves_it()
    {
        var (replica, address) = await TestEdge.ReplicaAsync("replica");
        await using var app = replica;
        await using var edge = await TestEdge.StartAsync([address], []);
        using var answer = await edge.Client.GetAsync(new Uri("/api/who", UriKind.Relative), TestContext.Current.CancellationToken);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self' 'wasm-unsafe-eval';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"), "not without TLS");
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/METRICS")]
    [InlineData("/metrics/")]
    [InlineData("/%6detrics")]
    [InlineData("/health/live")]
    [InlineData("/health/startup")]
    [InlineData("/Health/Live")]
    [InlineData("/drain")]
    [InlineData("/gateway/destinations")]
    public async Task What_is_for_operators_is_not_reachable(string path)
    {
        var (replica, address) = await TestEdge.ReplicaAsync("replica");
        await using var app = replica;
        await using var edge = await TestEdge.StartAsync([address], [address]);
        using var answer = await edge.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("ready", await edge.Client.GetStringAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken));
    }
}
