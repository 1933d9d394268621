using System.Net;
using Provost.Gateway.Tests.Forwarding;

namespace Provost.Gateway.Tests.Protection;

public sealed class LimitTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_gets_413_with_words(bool announced)
    {
        var (replica, address) = await TestEdge.ReplicaAsync("replica");
        await using var app = replica;
        await using var edge = await TestEdge.StartAsync([address], [], ("Gateway:MaxRequestMegabytes", "1"));
        using var content = new StreamContent(new MemoryStream(new byte[3 * 1024 * 1024]));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/echo") { Content = content };
        request.Headers.TransferEncodingChunked = announced ? null : true;
        request.Headers.ExpectContinue = true; // So that the client reads the answer instead of a broken pipe.

        using var answer = await edge.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("At most 1 MB", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_address_that_asks_too_often_gets_429_and_others_do_not()
    {
        var (replica, address) = await TestEdge.ReplicaAsync("replica");
        await using var app = replica;
        await using var edge = await TestEdge.StartAsync([address], [], ("Gateway:RequestsPerMinute", "10"), ("Listen:TrustedProxies", "127.0.0.0/8"));

        var greedy = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FromAsync(edge, "203.0.113.5")));

        Assert.InRange(greedy.Count(answer => answer.StatusCode == HttpStatusCode.OK), 10, 12);
        var rejected = greedy.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.True(rejected.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Contains("Too many requests", await rejected.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await FromAsync(edge, "203.0.113.6")).StatusCode);
    }

    [Fact]
    public async Task Signing_in_is_limited_for_everybody_more_strictly()
    {
        var (replica, address) = await TestEdge.ReplicaAsync("replica");
        await using var app = replica;
        await using var edge = await TestEdge.StartAsync([address], [], ("Gateway:SessionRequestsPerMinute", "5"));

        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            using var answer = await edge.Client.PostAsync(new Uri("/api/session/password", UriKind.Relative), null, TestContext.Current.CancellationToken);
            answers.Add(answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, answers[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal("replica", await edge.Client.GetStringAsync(new Uri("/api/who", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/courses", "text/html", "text/html")]
    [InlineData("/courses", "application/json", "application/problem+json")]
    [InlineData("/api/who", "text/html", "application/problem+json")]
    public async Task Without_a_replica_people_get_a_page_and_programs_get_problem_details(string path, string accept, string expected)
    {
        foreach (var nobody in new string[][] { [], [ForwardingTests.FreeAddress()] })
        {
            await using var edge = await TestEdge.StartAsync(nobody, nobody);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd(accept);
            using var answer = await edge.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
            Assert.Equal(expected, answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("Back in a moment", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    private static Task<HttpResponseMessage> FromAsync(TestEdge edge, string client)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/who");
        request.Headers.Add("X-Forwarded-For", client);
        return edge.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
