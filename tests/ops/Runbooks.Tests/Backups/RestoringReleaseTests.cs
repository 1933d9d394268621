using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

public sealed class RestoringReleaseTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0.2.0+abc", "0.1.0+def", false)]
    [InlineData("0.2.0", "0.2.0-alpha.0.7", false)]
    [InlineData("0.10.0", "0.9.0", false)]
    [InlineData("0.1.0+abc", "0.1.0+def", true)]
    [InlineData("0.1.0", "0.2.0-alpha.0.7", true)]
    [InlineData("0.9.0+abc", "0.10.0", true)]
    [InlineData("nightly", "0.1.0", true)]
    public async Task A_backup_goes_to_the_same_release_or_a_newer_one(string made, string here, bool allowed)
    {
        using var repository = await MadeRepository.CreateAsync(backups: 1, largest: 200);
        repository.Release = made;
        var manifest = await repository.BackUpAsync();

        var refused = Record.Exception(() => RestoringRelease.RequireNotOlder(manifest, here)) as OperationError;

        Assert.Equal(allowed, refused is null);
        Assert.True(allowed || refused!.Remedy.Contains($"release {made.Split('+')[0]}", StringComparison.Ordinal), refused?.Remedy);
    }

    [Fact]
    public async Task An_older_tool_refuses_before_it_reads_the_backup_or_writes_anything()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1, largest: 200);
        made.Release = "999.0.0+abc";
        await made.BackUpAsync();
        var site = new BackupSite(new Installation(), "local", new StateDirectory(Path.Combine(made.Folder, "state")), made.Folder, null, null);
        BackupKey.Write(site.State, made.Keys);
        var into = Path.Combine(made.Folder, "into");
        List<string> said = [];
        using var repositories = await OpenedRepositories.OpenAsync(site, [new BackupPlace("made", new DirectoryStore(made.Store.Place))], null, Stop);

        var refused = await Assert.ThrowsAsync<OperationError>(() => new RestoreRunbook(new RestoreRequest(site, null, into, false), TimeProvider.System, said.Add).RunAsync(repositories, Stop));

        Assert.Equal(ErrorKind.Refused, refused.Kind);
        Assert.Contains("999.0.0", refused.Message, StringComparison.Ordinal);
        Assert.Empty(said);
        Assert.False(Directory.Exists(into) || Directory.Exists(into + ".restoring"));
    }

    [Fact]
    public void Each_site_has_a_repository_of_its_own_in_the_default_directory()
    {
        var folder = Directory.CreateTempSubdirectory("provost-sites-").FullName;
        string[] places = [.. ((string[])["campus", "clinic"]).Select(name =>
        {
            var site = new BackupSite(
                new Installation { Sites = new Dictionary<string, Site> { [name] = new() } }, name, new StateDirectory(Path.Combine(folder, name)), folder, null, null);
            using var place = site.Places().Single();
            return place.Store.Place;
        })];
        Directory.Delete(folder, recursive: true);

        Assert.Equal([Path.Combine(folder, ".provost-backups/campus"), Path.Combine(folder, ".provost-backups/clinic")], places);
    }
}
