using System.Text;
using System.Text.Json;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using static Provost.Api.Tests.Accounts.Caller;

namespace Provost.Api.Tests.Accounts;

/// <summary>One line of the matrix: an endpoint, who may call it, and how to call it so that a permitted call has nothing else to complain about.</summary>
/// <param name="Route">METHOD and route as the service maps it.</param>
/// <param name="Allowed">Everybody else is refused.</param>
/// <param name="Path">The address to call, made for the world.</param>
/// <param name="Body">Made fresh for each call.</param>
/// <param name="Expected">Statuses that say "you may": an action on something that is not there is a 404 or 422 of the action itself.</param>
internal sealed record MatrixLine(
    string Route, Caller[] Allowed, Func<World, string> Path, Func<World, HttpContent?>? Body = null, params int[] Expected);

/// <summary>The role x endpoint matrix. An endpoint that is not in it fails the test.</summary>
internal static class EndpointMatrix
{
    private static readonly Caller[] Everybody = Enum.GetValues<Caller>();
    private static readonly Caller[] SignedIn = [.. Everybody.Except([Anonymous, Operator])];
    private static readonly Caller[] Staff = [Professor, TA, OtherTA];
    private static readonly Caller[] Students = [Student, OtherStudent];

    public static IReadOnlyList<MatrixLine> Lines { get; } =
    [
        // Hosting's own, without data; /health and /metrics move to the admin listener when there is one.
        new("GET /health/startup", Everybody, _ => "health/startup", null, 200),
        new("GET /health/live", Everybody, _ => "health/live", null, 200),
        new("HEAD /health/live", Everybody, _ => "health/live", null, 200),
        new("GET /health/ready", Everybody, _ => "health/ready", null, 200),
        new("* /metrics", Everybody, _ => "metrics", null, 200),
        // Only on the admin listener: without one they do not exist.
        new("GET /drain", [], _ => "drain", null, 403, 404),
        new("POST /drain", [], _ => "drain", null, 403, 404),
        new("GET /api/openapi.json", Everybody, _ => "api/openapi.json", null, 200),

        new("GET /api/session", Everybody, _ => "api/session", null, 200),
        new("POST /api/session/password", [.. Everybody.Except([Operator])], _ => "api/session/password", _ => Json(new PasswordSignIn("nobody-at-all", "a wrong password")), 401, 429),
        new("POST /api/session/link", [.. Everybody.Except([Operator])], _ => "api/session/link", _ => Json(new LinkSignIn("no-such-token")), 401, 429),
        new("PUT /api/account/password", SignedIn, _ => "api/account/password", _ => Json(new PasswordChange(null, "short")), 422),

        new("GET /api/courses", SignedIn, _ => "api/courses", null, 200),
        new("GET /api/courses/{course}/overview", Staff, In("overview"), null, 200),
        new("GET /api/courses/{course}/items", Staff, In("items"), null, 200),
        new("GET /api/courses/{course}/distributions", Staff, In("distributions"), null, 200),
        // A student of section A: the TA of section B may ask and is told that there is none among the own ones.
        new("GET /api/courses/{course}/students/{student}", Staff, world => $"api/courses/{world.Course}/students/{world.Keys["Section A"].First()}", null, 200, 404),
        new("GET /api/courses/{course}/backtest", Staff, In("backtest"), null, 200),
        new("GET /api/courses/{course}/export.csv", [Professor], In("export.csv"), null, 200),
        new("GET /api/courses/{course}/settings", Staff, In("settings"), null, 200),
        new("PUT /api/courses/{course}/settings", [Professor], In("settings"), _ => Json(new CourseSettings(0.2, true, 0, null)), 200),
        new("GET /api/courses/{course}/standing", Students, In("standing"), null, 200),
        new("PUT /api/courses/{course}/standing/band", Students, In("standing/band"), _ => Json(new BandChoice(false)), 204),
        new("GET /api/courses/{course}/imports", [Professor], In("imports"), null, 200),
        new("POST /api/courses/{course}/imports", [Professor], In("imports?file=bad.csv"), _ => Text("no gradebook"), 422),
        new("POST /api/courses/{course}/imports/preview", [Professor], In("imports/preview?file=bad.csv"), _ => Text("no gradebook"), 422),

        new("GET /api/admin/health", [Admin], _ => "api/admin/health", null, 200),
        new("GET /api/admin/accounts", [Admin], _ => "api/admin/accounts", null, 200),
        new("POST /api/admin/accounts", [Admin], _ => "api/admin/accounts", _ => Json(new NewAccount("?", Role.Admin, null, null, null)), 422),
        new("DELETE /api/admin/accounts/{user}", [Admin], _ => "api/admin/accounts/nobody-at-all", null, 404),
        new("POST /api/admin/accounts/{user}/link", [Admin], _ => "api/admin/accounts/nobody-at-all/link", null, 404),
        new("POST /api/admin/erasures", [Admin], _ => "api/admin/erasures", _ => Json(new ErasureRequest("nobody-at-all", null)), 404),

        new("GET /api/operator/version", [Operator], _ => "api/operator/version", null, 200),
        new("GET /api/operator/accounts", [Operator], _ => "api/operator/accounts", null, 200),
        new("POST /api/operator/accounts", [Operator], _ => "api/operator/accounts", _ => Json(new NewAccount("?", Role.Admin, null, null, null)), 422),
        new("DELETE /api/operator/accounts/{user}", [Operator], _ => "api/operator/accounts/nobody-at-all", null, 404),
        new("POST /api/operator/accounts/{user}/link", [Operator], _ => "api/operator/accounts/nobody-at-all/link", null, 404),
        new("POST /api/operator/imports", [Operator], _ => "api/operator/imports?course=X&file=bad.csv", _ => Text("no gradebook"), 422),
        new("GET /api/operator/backtest", [Operator], world => $"api/operator/backtest?course={Uri.EscapeDataString(world.CourseName)}", null, 200),
        new("POST /api/operator/demonstration", [Operator], _ => "api/operator/demonstration", null, 200),

        new("POST /api/operator/fence", [Operator], _ => "api/operator/fence?milliseconds=50", null, 200, 409),
        new("DELETE /api/operator/fence/{token}", [Operator], _ => "api/operator/fence/none", null, 200),
        new("GET /api/operator/erasures", [Operator], _ => "api/operator/erasures", null, 200),

        // The hub answers a plain request with 400 (no connection id) or 404 once it lets one in; without rights it is a 401.
        new("* /live", SignedIn, _ => "live", null, 400, 404),
        new("* /live/negotiate", SignedIn, _ => "live/negotiate?negotiateVersion=1", null, 405),

        // Last: it ends the session that the others need.
        new("DELETE /api/session", SignedIn, _ => "api/session", null, 204),
    ];

    private static Func<World, string> In(string path) => world => $"api/courses/{world.Course}/{path}";

    private static StringContent Json<T>(T value) => new(JsonSerializer.Serialize(value, ApiClient.Json), Encoding.UTF8, "application/json");

    private static StringContent Text(string value) => new(value, Encoding.UTF8, "text/csv");
}
