using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>No silent corruption: whatever single thing is changed in a repository, verify finds it, and restore refuses before it writes.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private static int Count => Environment.GetEnvironmentVariable("PROVOST_SOAK") == "1" ? 1000 : 140;

    [Fact]
    public async Task Verify_finds_every_single_change_and_restore_refuses_it_before_it_writes()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1, largest: 30_000);
        var older = await File.ReadAllBytesAsync(Path.Combine(made.Store.Place, "catalog"), TestContext.Current.CancellationToken);
        await made.BackUpAsync();
        var seen = (await made.OpenAsync()).Catalog.Sequence;
        var random = new Random(42);
        List<string> unfound = [], restored = [];
        var done = 0;

        for (var i = 0; done < Count; i++)
        {
            var kind = Mutation.Kinds[i % Mutation.Kinds.Length];
            if (Mutation.Apply(kind, made.Store.Place, older, random) is not { } mutation)
            {
                continue;
            }
            done++;
            if (await VerifyPassesAsync(made, seen))
            {
                unfound.Add($"{mutation.Kind} of {mutation.Where}");
            }
            if (await WrittenByRestoreAsync(made, seen) is { } written)
            {
                restored.Add($"{mutation.Kind} of {mutation.Where}: {written}");
            }
            mutation.Undo();
        }

        output.WriteLine($"{done} mutations: verify found {done - unfound.Count}, restore refused {done - restored.Count}");
        Assert.Empty(unfound);
        Assert.Empty(restored);
        Assert.True(await VerifyPassesAsync(made, seen));
    }

    private static async Task<bool> VerifyPassesAsync(MadeRepository made, long seen)
    {
        try
        {
            return (await RepositoryCheck.RunAsync(await made.OpenAsync(), seen, default)).Problems.Count == 0;
        }
        catch (OperationError)
        {
            return false;
        }
    }

    /// <summary>What a restore of either backup wrote; null when both were refused and nothing was written.</summary>
    private static async Task<string?> WrittenByRestoreAsync(MadeRepository made, long seen)
    {
        var folder = Path.Combine(made.Folder, "target");
        var site = new BackupSite(new Installation(), "local", new StateDirectory(Path.Combine(made.Folder, "state")), made.Folder, null, null);
        BackupKey.Write(site.State, made.Keys);
        BackupNotes.Change(site, n => n.With("made", seen));
        var refused = 0;
        foreach (var manifest in made.Manifests)
        {
            try
            {
                using var repositories = await OpenedRepositories.OpenAsync(site, [new BackupPlace("made", new DirectoryStore(made.Store.Place))], null, default);
                await new RestoreRunbook(new RestoreRequest(site, manifest.Id, folder, false), TimeProvider.System, _ => { }).RunAsync(repositories, default);
                return "restored";
            }
            catch (OperationError e)
            {
                // A restore that gets as far as to look for programs has passed its checks.
                refused += e.Message.Contains("no release here", StringComparison.Ordinal) ? 0 : 1;
            }
        }
        return Directory.Exists(folder) || Directory.Exists(folder + ".restoring") ? "wrote to the target" : refused == 0 ? "both backups passed the checks" : null;
    }
}
