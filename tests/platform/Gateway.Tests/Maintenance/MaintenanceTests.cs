using System.Net;

namespace Provost.Gateway.Tests.Maintenance;

public sealed class MaintenanceTests
{
    [Fact]
    public async Task Users_get_a_page_and_retry_after_until_it_ends_and_operators_come_through()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("provost-maintenance-").FullName, "maintenance.json");
        var (replica, address) = await TestEdge.ReplicaAsync("alive");
        await using var alive = replica;
        await using var edge = await TestEdge.StartAsync([address], [address], ("Gateway:MaintenanceFile", file));
        Assert.Equal("alive", await edge.Client.GetStringAsync("/api/who", TestContext.Current.CancellationToken));

        await File.WriteAllTextAsync(file, """{"message":"Back at 14:00 <noon>","retryAfterSeconds":120}""", TestContext.Current.CancellationToken);
        using var on = await edge.Admin.PostAsync(new Uri("/gateway/maintenance", UriKind.Relative), null, TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/courses");
        request.Headers.Accept.ParseAdd("text/html");
        using var page = await edge.Client.SendAsync(request, TestContext.Current.CancellationToken);
        using var data = await edge.Client.GetAsync(new Uri("/api/who", UriKind.Relative), TestContext.Current.CancellationToken);
        using var operators = await edge.Client.GetAsync(new Uri("/api/operator/version", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(120)), (page.StatusCode, page.Headers.RetryAfter!.Delta));
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Back at 14:00 &lt;noon&gt;", html, StringComparison.Ordinal);
        Assert.InRange(html.IndexOf("<h1>", StringComparison.Ordinal), html.IndexOf("<main>", StringComparison.Ordinal), html.IndexOf("</main>", StringComparison.Ordinal));
        Assert.Equal("application/problem+json", data.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, operators.StatusCode);

        File.Delete(file);
        using var off = await edge.Admin.PostAsync(new Uri("/gateway/maintenance", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal("alive", await edge.Client.GetStringAsync("/api/who", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_operator_who_cannot_reach_the_file_sets_it_by_a_call_and_the_next_gateway_finds_it()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("provost-maintenance-").FullName, "maintenance.json");
        var (replica, address) = await TestEdge.ReplicaAsync("alive");
        await using var alive = replica;
        await using var edge = await TestEdge.StartAsync([address], [address], ("Gateway:MaintenanceFile", file));

        using var empty = await PutAsync(edge, """{"message":"","retryAfterSeconds":60}""");
        using var on = await PutAsync(edge, """{"message":"Back at 14:00","retryAfterSeconds":60}""");
        await using var next = await TestEdge.StartAsync([address], [address], ("Gateway:MaintenanceFile", file));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (empty.StatusCode, on.StatusCode));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (await AskAsync(edge), await AskAsync(next)));

        using var off = await edge.Admin.DeleteAsync(new Uri("/gateway/maintenance", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, false), (off.StatusCode, await AskAsync(edge), File.Exists(file)));
    }

    [Fact]
    public async Task Without_a_place_for_the_note_a_call_is_refused()
    {
        await using var edge = await TestEdge.StartAsync([], []);

        using var on = await PutAsync(edge, """{"message":"Back at 14:00","retryAfterSeconds":60}""");

        Assert.Equal(HttpStatusCode.Conflict, on.StatusCode);
    }

    private static async Task<HttpResponseMessage> PutAsync(TestEdge edge, string note)
    {
        using var content = new StringContent(note, null, "application/json");
        return await edge.Admin.PutAsync(new Uri("/gateway/maintenance", UriKind.Relative), content, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> AskAsync(TestEdge edge)
    {
        using var answer = await edge.Client.GetAsync(new Uri("/api/who", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
