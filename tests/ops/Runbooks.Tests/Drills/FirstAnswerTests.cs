using System.Text.Json;
using Provost.Runbooks.Drills;

namespace Provost.Runbooks.Tests.Drills;

/// <summary>A recovered platform that answers 200 with something else has not recovered.</summary>
public sealed class FirstAnswerTests
{
    private static readonly CourseMark Living = new(Writes: 9, Version: 4, Students: 30, Assessments: 8, Digest: "d");

    [Theory]
    [InlineData(4, 30, 8, true)]
    [InlineData(3, 30, 8, false)]
    [InlineData(4, 29, 8, false)]
    [InlineData(4, 30, 0, false)]
    public void A_course_is_right_when_it_is_what_the_living_one_was(long version, int students, int assessments, bool right)
    {
        var shown = JsonDocument.Parse($$"""{"id":"c","version":{{version}},"students":{{students}},"assessments":{{assessments}}}""").RootElement;

        var error = Record.Exception(() => FirstAnswer.RequireSame("c", Living, shown));

        Assert.Equal(right, error is null);
        Assert.IsType<OperationError>(Record.Exception(() => FirstAnswer.RequireSame("c", null, shown)));
    }

    [Theory]
    [InlineData("""{"course":{"version":4},"assessments":[{}]}""", true)]
    [InlineData("""{"course":{"version":5},"assessments":[{}]}""", false)]
    [InlineData("""{"course":{"version":4},"assessments":[]}""", false)]
    public void Insights_are_right_when_they_are_of_that_version_and_say_something(string overview, bool right) =>
        Assert.Equal(right, Record.Exception(() => FirstAnswer.RequireFacts("c", Living, JsonDocument.Parse(overview).RootElement)) is null);
}
