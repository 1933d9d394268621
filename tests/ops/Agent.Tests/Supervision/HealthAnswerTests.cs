using Provost.Agent.Supervision;

namespace Provost.Agent.Tests.Supervision;

public sealed class HealthAnswerTests
{
    [Theory]
    [InlineData("""{"status":"notReady","checks":[{"name":"redis","ready":true,"problem":null},{"name":"clickhouse","ready":false,"problem":"refused"}]}""", "clickhouse: refused")]
    [InlineData("""{"status":"draining","checks":[]}""", "draining")]
    [InlineData("""{"status":""", """{"status":""")]
    [InlineData("""{"other":1}""", """{"other":1}""")]
    [InlineData("<html>", "<html>")]
    public void The_failing_check_is_said_in_a_few_words(string answer, string words) => Assert.Equal(words, HealthAnswer.Shorten(answer));
}
