using System.Net.Http.Json;
using Provost.Analytics.Cells;
using Provost.Api.Demonstration;
using Provost.Api.Tests.Harness;
using Provost.Contracts;

namespace Provost.Api.Tests.Demonstration;

public sealed class DemonstrationTests(RealStores stores)
{
    [Fact]
    public void The_invented_course_is_the_same_each_time_and_has_what_real_ones_have()
    {
        var (course, again) = (DemonstrationGradebook.Make(), DemonstrationGradebook.Make());

        Assert.Equal(course.Cells, again.Cells);
        Assert.Equal(course.Students, again.Students);
        Assert.Equal((120, 24), (course.Students.Count, course.Assessments.Count));
        Assert.Equal(120, course.Students.Select(student => student.Name).Distinct().Count());
        Assert.Equal(["A", "B", "C"], course.Students.Select(student => student.Section).Distinct().Order());
        Assert.All(Enum.GetValues<CellState>(), state => Assert.Contains(course.Cells, cell => cell.State == state));
        Assert.Contains(course.Assessments, assessment => assessment.ExtraCredit);
        Assert.All(course.Assessments, assessment => Assert.InRange(assessment.DueDay!.Value, 0, 98));
    }

    [Fact]
    public async Task Loading_it_twice_makes_one_course_in_which_the_wrong_key_is_found()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var first = await LoadAsync(api);
        var second = await LoadAsync(api);
        using var professor = await api.SignInAsync("demonstrator", Role.Professor, first.Name);
        var overview = await professor.GetAsync<CourseOverview>($"api/courses/{first.Id}/overview");

        Assert.Equal(first, second);
        Assert.True(overview.Course.Demonstration);
        Assert.Equal(120, overview.Triage.Count);
        Assert.Equal(24, overview.Triage.Count(row => row.WithinCapacity));
        Assert.Contains(overview.Next, step => step is { Kind: "checkItem", Assessment: "quiz-4" });
        Assert.Contains(overview.Next, step => step.Kind == "grade");
        Assert.All(overview.Next.Where(step => step.Kind == "contact"), step => Assert.DoesNotContain(step.Student!, step.Text, StringComparison.Ordinal));
        Assert.Equal(overview.Triage.OrderByDescending(row => row.Score).Select(row => row.Student).Take(20), overview.Triage.Select(row => row.Student).Take(20));
    }

    private static async Task<CourseSummary> LoadAsync(ApiServer api)
    {
        using var answer = await api.Operator.PostAsJsonAsync("api/operator/demonstration", "");
        return await ApiClient.ReadAsync<CourseSummary>(answer);
    }
}
