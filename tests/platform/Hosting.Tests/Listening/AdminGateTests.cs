using System.Net;
using System.Net.Http.Headers;

namespace Provost.Hosting.Tests.Listening;

public sealed class AdminGateTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer the-tokens")]
    [InlineData("Basic the-token")]
    public async Task With_a_token_nothing_of_the_admin_listener_changes_for_those_who_do_not_know_it(string? authorization)
    {
        await using var app = ServiceUnderTest.Build([], ("Listen:Http", "tcp:127.0.0.1:0"), ("Listen:Admin", "tcp:127.0.0.1:0"), ("Listen:AdminToken", "the-token"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var admin = new HttpClient { BaseAddress = new Uri(app.Urls.Last()) };
        if (authorization is not null)
            admin.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);

        using var refused = await admin.PostAsync(new Uri("/drain", UriKind.Relative), null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var health = await admin.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        using var metrics = await admin.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, metrics.StatusCode);
    }

    [Fact]
    public async Task Who_knows_the_token_may_drain_the_service()
    {
        await using var app = ServiceUnderTest.Build(
            [], ("Listen:Http", "tcp:127.0.0.1:0"), ("Listen:Admin", "tcp:127.0.0.1:0"), ("Listen:AdminToken", "the-token"), ("Service:DrainSeconds", "0"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var admin = new HttpClient { BaseAddress = new Uri(app.Urls.Last()), DefaultRequestHeaders = { Authorization = new("Bearer", "the-token") } };

        using var accepted = await admin.PostAsync(new Uri("/drain", UriKind.Relative), null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }
}
