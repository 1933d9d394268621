using Provost.Contracts;
using Provost.Web.Courses;
using Provost.Web.Transport;

namespace Provost.Web.Insights;

internal sealed class InsightsClient(ApiConnection api)
{
    public Task<ItemQualityView> ItemsAsync(string course, CancellationToken cancel = default) =>
        api.GetAsync($"{CoursesClient.Path(course)}/items", WireJson.Default.ItemQualityView, cancel);

    public Task<IReadOnlyList<AssessmentDistribution>> DistributionsAsync(string course, CancellationToken cancel = default) =>
        api.GetAsync($"{CoursesClient.Path(course)}/distributions", WireJson.Default.IReadOnlyListAssessmentDistribution, cancel);

    public Task<StudentView> StudentAsync(string course, string student, CancellationToken cancel = default) =>
        api.GetAsync($"{CoursesClient.Path(course)}/students/{Uri.EscapeDataString(student)}", WireJson.Default.StudentView, cancel);
}
