using System.Text;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>Who was erased after the cut must not come back with it: the platform's own code erases them again, before anybody is served.</summary>
internal static class Erasures
{
    /// <returns>How many lines of the erasure ledger were carried out again.</returns>
    public static async Task<int> ReplayAsync(
        BackupSite site, OpenedRepositories repositories, Manifest manifest, ScratchStores stores, StorePrograms programs, string work, CancellationToken cancellation)
    {
        var lines = await LongestAsync(site, repositories, manifest, cancellation);
        if (lines.Count <= manifest.Erasures.Count)
        {
            return 0;
        }
        var file = Path.Combine(work, "erasures");
        PrivateFiles.Write(file, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        var command = new Command(programs.Api, ["replay-erasures", file], work, new Dictionary<string, string>
        {
            ["PROVOST_Redis__Endpoint"] = stores.Redis!.ToString(),
            ["PROVOST_ClickHouse__Endpoint"] = stores.ClickHouse!.ToString(),
            ["PROVOST_Secrets__Directory"] = stores.Secrets,
            ["PROVOST_Public__Url"] = "http://localhost",
            ["PROVOST_Listen__Http"] = "tcp:127.0.0.1:0",
        });
        var (exitCode, output) = await Shell.RunAsync(command, null, cancellation);
        return exitCode == 0 ? lines.Count - manifest.Erasures.Count : throw new OperationError(
            ErrorKind.Failed, "who was erased after the cut could not be erased again", "nothing was put into place; the lines above say why", output);
    }

    // The chain only grows: the longest that a repository, any later backup or the living installation has is the whole.
    private static async Task<IReadOnlyList<string>> LongestAsync(BackupSite site, OpenedRepositories repositories, Manifest manifest, CancellationToken cancellation)
    {
        var longest = manifest.Erasures;
        foreach (var (repository, newest) in repositories.Opened.Select(p => (p.Repository, p.Repository.Catalog.Newest)))
        {
            if (await ErasureDocument.ReadAsync(repository, cancellation) is var sent && sent.Count > longest.Count)
            {
                longest = sent;
            }
            if (newest is not null && newest.At > manifest.At && (await repository.ReadManifestAsync(newest.Id, cancellation)).Erasures is var later && later.Count > longest.Count)
            {
                longest = later;
            }
        }
        return await LivingAsync(site, cancellation) is { } living && living.Count > longest.Count ? living : longest;
    }

    private static async Task<IReadOnlyList<string>?> LivingAsync(BackupSite site, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using var platform = site.Platform();
            return await platform.ErasuresAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationError || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It is gone: that is why somebody restores.
            return null;
        }
    }
}
