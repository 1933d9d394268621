using Provost.Contracts;
using Provost.Web.Transport;

namespace Provost.Web.Courses;

internal sealed class CoursesClient(ApiConnection api)
{
    public Task<IReadOnlyList<CourseSummary>> ListAsync(CancellationToken cancel = default) =>
        api.GetAsync("api/courses", WireJson.Default.IReadOnlyListCourseSummary, cancel);

    public Task<CourseOverview> OverviewAsync(string course, CancellationToken cancel = default) =>
        api.GetAsync($"{Path(course)}/overview", WireJson.Default.CourseOverview, cancel);

    public Task<CourseSettings> SettingsAsync(string course, CancellationToken cancel = default) =>
        api.GetAsync($"{Path(course)}/settings", WireJson.Default.CourseSettings, cancel);

    public Task SaveSettingsAsync(string course, CourseSettings settings) => api.SendAsync(
        HttpMethod.Put, $"{Path(course)}/settings", ApiConnection.Json(settings, WireJson.Default.CourseSettings));

    public static string Path(string course) => $"api/courses/{Uri.EscapeDataString(course)}";
}
