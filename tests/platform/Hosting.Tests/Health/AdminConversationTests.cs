using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Hosting.Health;

namespace Provost.Hosting.Tests.Health;

public sealed class AdminConversationTests
{
    [Fact]
    public async Task Each_line_is_passed_on_and_answered_in_its_order()
    {
        await using var app = ServiceUnderTest.Build([], ("Listen:Admin", "tcp:127.0.0.1:0"), ("Service:DrainSeconds", "0"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var admin = new Uri(app.Urls.Last());

        var answers = await ConverseAsync($"tcp:{admin.Authority}", """{"method":"GET","path":"/health/ready"}""", """{"method":"POST","path":"/nowhere","body":"{}"}""", "what?");

        Assert.Equal([200, 404, 400], answers.Select(a => (int)a["status"]!));
        Assert.Equal("ready", (string?)JsonNode.Parse((string)answers[0]["body"]!)!["status"]);
        Assert.Contains("health/ready", (string?)answers[2]["body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_listen_is_said_in_each_answer()
    {
        var answer = Assert.Single(await ConverseAsync("tcp:127.0.0.1:1", """{"method":"GET","path":"/health/ready"}"""));

        Assert.Equal(0, (int)answer["status"]!);
        Assert.Contains("refused", (string?)answer["body"], StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<List<JsonNode>> ConverseAsync(string address, params string[] lines)
    {
        await using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var input = new StringReader(string.Join('\n', lines));
        Assert.Equal(0, await AdminConversation.RunAsync(address, input, output));
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
