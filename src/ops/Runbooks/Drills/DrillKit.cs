using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Drills;

/// <summary>The kit that a drill rehearses with. One that was made for it leaves the repositories with it.</summary>
internal sealed class DrillKit : IAsyncDisposable
{
    private readonly RestoreDrillRequest request;
    private readonly TimeProvider time;

    private DrillKit(RestoreDrillRequest request, RecoveryKit kit, TimeProvider time)
    {
        this.request = request;
        this.time = time;
        Kit = kit;
    }

    public RecoveryKit Kit { get; }

    public static async Task<DrillKit> MakeAsync(RestoreDrillRequest request, TimeProvider time, CancellationToken cancellation)
    {
        var made = new DrillKit(request, request.Kit ?? RecoveryKit.Create(), time);
        if (request.Kit is null)
        {
            await made.ChangeAsync((repository, kit) => KitRunbook.AddAsync(repository, kit, time, cancellation), cancellation);
        }
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        if (request.Kit is null)
        {
            await ChangeAsync((repository, kit) => KitRunbook.RemoveAsync(repository, kit, time, CancellationToken.None), CancellationToken.None);
        }
    }

    private async Task ChangeAsync(Func<Repository, RecoveryKit, Task> change, CancellationToken cancellation)
    {
        using var keys = await BackupKey.ReadOrCreateAsync(request.Site, cancellation);
        foreach (var place in request.Site.Places())
        {
            using (place)
            {
                var repository = await Repository.OpenAsync(place.Store, keys, cancellation);
                await change(repository, Kit);
                Backups.BackupNotes.Change(request.Site, n => n.With(place.Name, repository.Catalog));
            }
        }
    }
}
