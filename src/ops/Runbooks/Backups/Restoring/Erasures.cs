using System.Text;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>Who was erased after the cut must not come back with it: the platform's own code erases them again, before anybody is served.</summary>
internal sealed class Erasures(RestoreRequest request, Action<string> say, TimeProvider time)
{
    /// <returns>How many lines of the erasure ledger were carried out again.</returns>
    public async Task<int> ReplayAsync(
        OpenedRepositories repositories, Manifest manifest, ScratchStores stores, StorePrograms programs, string work, CancellationToken cancellation)
    {
        var known = await LongestAsync(repositories, manifest, cancellation);
        var living = await new LivingErasures(request.Site, programs, say, time).ReadAsync(Path.Combine(work, "living"), cancellation);
        var lines = living.Count > known.Count ? living : known;
        if (lines.Count <= manifest.Erasures.Count)
        {
            return 0;
        }
        await ReplayAsync(lines, stores, programs, work, cancellation);
        return lines.Count - manifest.Erasures.Count;
    }

    /// <summary>The platform's own code erases whoever is on these lines.</summary>
    public static async Task ReplayAsync(IReadOnlyList<string> lines, ScratchStores stores, StorePrograms programs, string work, CancellationToken cancellation)
    {
        var file = Path.Combine(work, "erasures");
        PrivateFiles.Write(file, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        var command = new Command(programs.Api, ["replay-erasures", file], work, stores.ApiSettings);
        var (exitCode, output) = await Shell.RunAsync(command, null, cancellation);
        if (exitCode != 0)
        {
            throw new OperationError(ErrorKind.Failed, "who was erased after the cut could not be erased again", "nothing was put into place; the lines above say why", output);
        }
    }

    // The chain only grows: the longest that a repository, any later backup or the living installation has is the whole.
    private async Task<IReadOnlyList<string>> LongestAsync(OpenedRepositories repositories, Manifest manifest, CancellationToken cancellation)
    {
        var longest = manifest.Erasures;
        foreach (var repository in repositories.Opened.Select(p => p.Repository))
        {
            Consider(await UnlessDamagedAsync(() => ErasureDocument.ReadAsync(repository, cancellation)));
            if (repository.Catalog.Newest is { } newest && newest.At > manifest.At)
            {
                Consider(await UnlessDamagedAsync(async () => (await repository.ReadManifestAsync(newest.Id, cancellation)).Erasures));
            }
        }
        return longest;

        void Consider(IReadOnlyList<string> other) => longest = other.Count > longest.Count ? other : longest;
    }

    private async Task<IReadOnlyList<string>> UnlessDamagedAsync(Func<Task<IReadOnlyList<string>>> read)
    {
        try
        {
            return await read();
        }
        catch (OperationError e) when (request.DespiteDamage && e.Kind is ErrorKind.Refused)
        {
            say($"{e.Message}; whoever was erased since {request.Id ?? "the backup"} may come back with it");
            return [];
        }
    }
}
