using Provost.Runbooks.Logs;

namespace Provost.Runbooks.Tests.Logs;

public sealed class LogExcerptTests
{
    [Fact]
    public void What_is_said_again_and_again_is_shown_once_and_a_stack_trace_by_its_first_line()
    {
        using var temporary = new TemporaryState();
        var file = temporary.State.LogFile("api-1");
        var line = """{"time":"2026-01-01T00:00:00Z","level":"warning","message":"Upkeep failed","exception":"Some.Error: no table\n   at Some.Place()\n--- End of stack trace ---\n   at Other.Place()"}""";
        File.WriteAllLines(file, [line, line, line, "plain text"]);

        var excerpt = LogExcerpt.Of(file);

        Assert.Equal(2, excerpt.Count);
        Assert.EndsWith("warning     Upkeep failed | Some.Error: no table (said 3 times)", excerpt[0], StringComparison.Ordinal);
        Assert.Equal("plain text", excerpt[1]);
    }
}
