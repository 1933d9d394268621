using System.Text;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Drills;

/// <summary>The kit that a drill rehearses with. One that was made for it leaves the repositories with it, or with the next drill.</summary>
internal sealed class DrillKit : IAsyncDisposable
{
    private const string Name = "kit.txt";

    private readonly RestoreDrillRequest request;
    private readonly TimeProvider time;

    private DrillKit(RestoreDrillRequest request, RecoveryKit kit, TimeProvider time)
    {
        this.request = request;
        this.time = time;
        Kit = kit;
    }

    public RecoveryKit Kit { get; }

    /// <param name="folder">Of the drill.</param>
    public static async Task<DrillKit> MakeAsync(RestoreDrillRequest request, string folder, TimeProvider time, CancellationToken cancellation)
    {
        var made = new DrillKit(request, request.Kit ?? RecoveryKit.Create(), time);
        if (request.Kit is null)
        {
            // Whoever reads this file could read the installation's own key beside it.
            PrivateFiles.CreateDirectory(folder);
            PrivateFiles.Write(Path.Combine(folder, Name), Encoding.UTF8.GetBytes(made.Kit.Text()));
            await ChangeAsync(request.Site, repository => KitRunbook.AddAsync(repository, made.Kit, time, cancellation), cancellation);
        }
        return made;
    }

    /// <summary>Removes the kit of a drill that was killed.</summary>
    public static async Task RemoveLeftAsync(BackupSite site, string folder, TimeProvider time, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, Name);
        if (File.Exists(file))
        {
            var kit = RecoveryKit.Parse(await File.ReadAllTextAsync(file, cancellation));
            await ChangeAsync(site, repository => KitRunbook.RemoveAsync(repository, kit, time, cancellation), cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (request.Kit is null)
        {
            await ChangeAsync(request.Site, repository => KitRunbook.RemoveAsync(repository, Kit, time, CancellationToken.None), CancellationToken.None);
        }
    }

    private static async Task ChangeAsync(BackupSite site, Func<Repository, Task> change, CancellationToken cancellation)
    {
        using var keys = await BackupKey.ReadOrCreateAsync(site, cancellation);
        foreach (var place in site.Places())
        {
            using (place)
            {
                var repository = await Repository.OpenAsync(place.Store, keys, cancellation);
                await change(repository);
                BackupNotes.Change(site, n => n.With(place.Name, repository.Catalog));
            }
        }
    }
}
