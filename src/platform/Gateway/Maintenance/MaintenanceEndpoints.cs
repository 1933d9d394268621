using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Hosting.Draining;
using Provost.Hosting.Listening;

namespace Provost.Gateway.Maintenance;

/// <summary>POST /gateway/maintenance on the admin listener: reads the file again, and returns when that is in effect.</summary>
internal static class MaintenanceEndpoints
{
    private static readonly TimeSpan ReconnectWithin = TimeSpan.FromSeconds(1);

    public static void MapMaintenance(this WebApplication app) => app.MapPost("/gateway/maintenance", ReadAgain).OnlyOnAdminListener();

    private static JsonHttpResult<MaintenanceNote?> ReadAgain(MaintenanceSwitch maintenance, LiveConnections live)
    {
        maintenance.ReadAgain();
        if (maintenance.Note is not null)
        {
            // They come back and get the same answer as everybody; their pages say so and go on trying.
            live.ReconnectPresent(ReconnectWithin);
        }

        return TypedResults.Json(maintenance.Note, MaintenanceJson.Default.MaintenanceNote);
    }
}
