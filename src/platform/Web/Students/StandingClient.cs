using Provost.Contracts;
using Provost.Web.Courses;
using Provost.Web.Transport;

namespace Provost.Web.Students;

internal sealed class StandingClient(ApiConnection api)
{
    public Task<StandingView> StandingAsync(string course, CancellationToken cancel = default) =>
        api.GetAsync($"{CoursesClient.Path(course)}/standing", WireJson.Default.StandingView, cancel);

    public Task ChooseBandAsync(string course, bool optIn) => api.SendAsync(
        HttpMethod.Put, $"{CoursesClient.Path(course)}/standing/band", ApiConnection.Json(new BandChoice(optIn), WireJson.Default.BandChoice));
}
