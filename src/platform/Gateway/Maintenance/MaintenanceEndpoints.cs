using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Hosting.Draining;
using Provost.Hosting.Listening;

namespace Provost.Gateway.Maintenance;

/// <summary>
/// /gateway/maintenance on the admin listener: POST reads the file again, PUT writes it, DELETE removes it. Each returns when that
/// is in effect.
/// </summary>
internal static class MaintenanceEndpoints
{
    private static readonly TimeSpan ReconnectWithin = TimeSpan.FromSeconds(1);

    public static void MapMaintenance(this WebApplication app)
    {
        var group = app.MapGroup("/gateway/maintenance").OnlyOnAdminListener();
        group.MapPost("", ReadAgain);
        group.MapPut("", PutAsync);
        group.MapDelete("", (MaintenanceSwitch maintenance, LiveConnections live) => Set(maintenance, live, null));
    }

    private static JsonHttpResult<MaintenanceNote?> ReadAgain(MaintenanceSwitch maintenance, LiveConnections live)
    {
        maintenance.ReadAgain();
        return Tell(maintenance, live);
    }

    private static async Task<Results<JsonHttpResult<MaintenanceNote?>, ProblemHttpResult>> PutAsync(HttpRequest request, MaintenanceSwitch maintenance, LiveConnections live)
    {
        var note = await request.ReadFromJsonAsync(MaintenanceJson.Default.MaintenanceNote, request.HttpContext.RequestAborted);
        return note is { Message.Length: > 0, RetryAfterSeconds: > 0 } ? Set(maintenance, live, note) : TypedResults.Problem(
            title: "No note was given", detail: "Send {\"message\":\"Back at 14:00\",\"retryAfterSeconds\":300}.", statusCode: StatusCodes.Status400BadRequest);
    }

    private static Results<JsonHttpResult<MaintenanceNote?>, ProblemHttpResult> Set(MaintenanceSwitch maintenance, LiveConnections live, MaintenanceNote? note)
    {
        if (!maintenance.HasFile)
        {
            return TypedResults.Problem(title: "This gateway has no place for the note", detail: "Set PROVOST_Gateway__MaintenanceFile.", statusCode: StatusCodes.Status409Conflict);
        }

        maintenance.Set(note);
        return Tell(maintenance, live);
    }

    private static JsonHttpResult<MaintenanceNote?> Tell(MaintenanceSwitch maintenance, LiveConnections live)
    {
        if (maintenance.Note is not null)
        {
            // They come back and get the same answer as everybody; their pages say so and go on trying.
            live.ReconnectPresent(ReconnectWithin);
        }

        return TypedResults.Json(maintenance.Note, MaintenanceJson.Default.MaintenanceNote);
    }
}
