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
    private static int Count => Environment.GetEnvironmentVariable("PROVOST_SOAK") == "1" ? 1000 : 160;

    [Fact]
    public async Task Verify_finds_every_single_change_and_restore_refuses_every_backup_it_belongs_to_before_it_writes()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1, largest: 30_000);
        var older = await File.ReadAllBytesAsync(Path.Combine(made.Store.Place, "catalog"), TestContext.Current.CancellationToken);
        await made.BackUpAsync();
        var seen = (await made.OpenAsync()).Catalog.Sequence;
        var random = new Random(42);
        List<string> unfound = [], restored = [];
        var (done, refusals, unharmed) = (0, 0, 0);

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
            foreach (var manifest in made.Manifests)
            {
                var belongs = mutation.Files.Any(file => BelongsTo(file, manifest));
                var (refused, wrote) = await RestoreAsync(made, manifest, seen);
                (refusals, unharmed) = (refusals + (refused ? 1 : 0), unharmed + (belongs ? 0 : 1));
                if (refused == wrote || refused != belongs)
                {
                    restored.Add($"{mutation.Kind} of {mutation.Where}, backup {manifest.Id}: {(refused ? "refused" : "not refused")}, {(wrote ? "wrote" : "wrote nothing")}, {(belongs ? "belongs to it" : "does not belong to it")}");
                }
            }
            mutation.Undo();
        }

        output.WriteLine($"{done} mutations: verify found {done - unfound.Count}; {refusals} restores of a changed backup refused before anything was written, {unharmed} of an unchanged one not");
        Assert.Empty(unfound);
        Assert.Empty(restored);
        Assert.True(unharmed > 0, "every change was one of both backups: nothing shows that a restore would have written");
        Assert.True(await VerifyPassesAsync(made, seen));
    }

    // What is no chunk belongs to the repository, and with it to each of its backups.
    private static bool BelongsTo(string file, Manifest manifest) =>
        !file.StartsWith("chunks/", StringComparison.Ordinal) || manifest.Files.SelectMany(f => f.Chunks).Any(chunk => chunk.Name == file);

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

    /// <summary>A restore that passes its checks gets as far as to look for the programs of a release, which is after the files were written.</summary>
    private static async Task<(bool Refused, bool Wrote)> RestoreAsync(MadeRepository made, Manifest manifest, long seen)
    {
        var folder = Path.Combine(made.Folder, "target");
        var site = new BackupSite(new Installation(), "local", new StateDirectory(Path.Combine(made.Folder, "state")), made.Folder, null, null);
        BackupKey.Write(site.State, made.Keys);
        BackupNotes.Change(site, n => n with { Catalogs = new Dictionary<string, long> { ["made"] = seen } });
        // Its first write is to empty this folder; afterwards nobody could tell whether it was ever there.
        var canary = Path.Combine(Directory.CreateDirectory(folder + ".restoring").FullName, "canary");
        await File.WriteAllTextAsync(canary, "", default(CancellationToken));
        var refused = true;
        try
        {
            using var repositories = await OpenedRepositories.OpenAsync(site, [new BackupPlace("made", new DirectoryStore(made.Store.Place))], null, default);
            await new RestoreRunbook(new RestoreRequest(site, manifest.Id, folder, false), TimeProvider.System, _ => { }).RunAsync(repositories, default);
            refused = false;
        }
        catch (OperationError e)
        {
            refused = !e.Message.Contains("no release here", StringComparison.Ordinal);
        }
        return (refused, !File.Exists(canary) || Directory.Exists(folder));
    }
}
