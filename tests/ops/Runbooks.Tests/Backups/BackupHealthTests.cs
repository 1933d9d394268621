using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Checking;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>The age of the last verified backup can be trusted: whatever is wrong at one destination shows.</summary>
public sealed class BackupHealthTests : IAsyncLifetime
{
    private static readonly Backup Settings = new()
    {
        Destinations = new Dictionary<string, Destination> { ["disk"] = new() { Directory = "disk" }, ["offsite"] = new() { Directory = "offsite" } },
    };

    private MadeRepository made = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTimeProvider Time => made.Time;

    private BackupSite Site => new(
        new Installation { Sites = new Dictionary<string, Site> { ["local"] = new() { Backup = Settings } } }, "local", new StateDirectory(Path.Combine(made.Folder, "state")), made.Folder, null, null);

    public async ValueTask InitializeAsync()
    {
        made = await MadeRepository.CreateAsync(largest: 5_000);
        BackupKey.Write(Site.State, made.Keys);
        Copy("disk");
        Copy("offsite");
    }

    [Fact]
    public async Task Two_whole_destinations_are_well_until_the_recovery_point_is_over()
    {
        Assert.True((await VerifyAsync()).Passed);

        var health = BackupHealth.Of(Site, Time);
        Assert.True(health.IsWell, health.ToString());
        Assert.Equal(made.Manifests[^1].At, health.VerifiedAt);
        Assert.Contains("provost_backup_failed{installation=\"provost\",site=\"local\",destination=\"offsite\"} 0", Metrics(), StringComparison.Ordinal);

        Time.Advance(Settings.Rpo + TimeSpan.FromMinutes(1));
        Assert.False(BackupHealth.Of(Site, Time).IsWell);
    }

    [Fact]
    public async Task Damage_at_one_destination_is_a_problem_until_a_verification_finds_it_whole_again()
    {
        await VerifyAsync();
        var (file, whole) = Damage("offsite");

        Assert.False((await VerifyAsync()).Passed);

        var health = BackupHealth.Of(Site, Time);
        Assert.False(health.IsWell);
        Assert.StartsWith("offsite: chunks/", health.Problem, StringComparison.Ordinal);
        Assert.Contains("destination=\"offsite\"} 1", Metrics(), StringComparison.Ordinal);
        Assert.Contains("provost_backup_failed{installation=\"provost\",site=\"local\",destination=\"disk\"} 0", Metrics(), StringComparison.Ordinal);
        Assert.Equal("failed", Ledger.Of(Site.State, Time).Read()[^1].Result);
        Assert.False(BackupHealth.Examine(health, "", Time).Single().Ok);

        await File.WriteAllBytesAsync(file, whole, Stop);
        await VerifyAsync();
        Assert.True(BackupHealth.Of(Site, Time).IsWell);
    }

    [Fact]
    public async Task A_stale_copy_elsewhere_does_not_pass_as_verified()
    {
        await made.BackUpAsync();
        Copy("disk");

        Assert.True((await VerifyAsync()).Passed);

        var health = BackupHealth.Of(Site, Time);
        Assert.Equal(made.Manifests[^2].At, health.VerifiedAt);
        Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal("newest verified backup at offsite is 27.0 h old, target 26.0 h", BackupHealth.Of(Site, Time).ToString());
        Assert.False(BackupHealth.Of(Site, Time).IsWell);
    }

    [Fact]
    public async Task A_destination_that_is_gone_is_named_and_when_all_are_gone_that_is_noted_too()
    {
        await VerifyAsync();
        Directory.Delete(Path.Combine(made.Folder, "offsite"), recursive: true);

        Assert.False((await VerifyAsync()).Passed);
        Assert.StartsWith("offsite: ", BackupHealth.Of(Site, Time).Problem, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(made.Folder, "disk"), recursive: true);
        await Assert.ThrowsAsync<OperationError>(VerifyAsync);
        Assert.All(BackupHealth.Of(Site, Time).Places, place => Assert.NotNull(place.Problem));
        Assert.Equal(3, Ledger.Of(Site.State, Time).Read().Count);
    }

    [Fact]
    public async Task A_bucket_without_keys_is_named_and_the_others_are_verified()
    {
        var site = Site with
        {
            Installation = new Installation
            {
                Sites = new Dictionary<string, Site>
                {
                    ["local"] = new() { Backup = Settings with { Destinations = new Dictionary<string, Destination> { ["disk"] = Settings.Destinations["disk"], ["offsite"] = new() { Bucket = "nobody", Endpoint = "http://127.0.0.1:1" } } } },
                },
            },
        };
        Assert.SkipWhen(Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is not null, "extra: keys of a bucket are in the environment");
        var runbook = new VerifyRunbook(site, Time, _ => { });
        using var repositories = await runbook.OpenAsync(site.Places(), null, Stop);

        var result = await runbook.RunAsync(repositories, false, false, Stop);

        Assert.Empty(result.Places.Single(p => p.Name == "disk").Problems);
        Assert.Contains("no keys", Assert.Single(result.Places.Single(p => p.Name == "offsite").Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scratch_restore_that_fails_is_a_problem_and_stands_in_the_ledger()
    {
        // There is no release here whose stores could be started.
        var result = await VerifyAsync(restore: true);

        Assert.False(result.Passed);
        Assert.Null(result.Restored);
        Assert.NotNull(BackupHealth.Of(Site, Time).Problem);
        Assert.Equal("failed", Ledger.Of(Site.State, Time).Read()[^1].Result);
    }

    [Fact]
    public async Task A_repository_of_elsewhere_changes_nothing_that_this_site_remembers()
    {
        var moved = new BackupPlace("/mnt/moved", new DirectoryStore(Path.Combine(made.Folder, "disk")));
        Damage("disk");

        Assert.False((await VerifyAsync([moved])).Passed);

        Assert.Null(BackupHealth.Of(Site, Time).Problem);
        Assert.Empty(Ledger.Of(Site.State, Time).Read());
    }

    public ValueTask DisposeAsync()
    {
        made.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<VerifyResult> VerifyAsync() => VerifyAsync(Site.Places());

    private Task<VerifyResult> VerifyAsync(bool restore) => VerifyAsync(Site.Places(), restore);

    private async Task<VerifyResult> VerifyAsync(IReadOnlyList<BackupPlace> places, bool restore = false)
    {
        var runbook = new VerifyRunbook(Site, Time, _ => { });
        using var repositories = await runbook.OpenAsync(places, null, Stop);
        return await runbook.RunAsync(repositories, restore, false, Stop);
    }

    private string Metrics() => File.ReadAllText(Path.Combine(Site.WorkDirectory, BackupMetrics.Name));

    private (string File, byte[] Whole) Damage(string place)
    {
        var file = Directory.EnumerateFiles(Path.Combine(made.Folder, place, "chunks"), "*", SearchOption.AllDirectories).First();
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, [.. whole[..^1], (byte)(whole[^1] ^ 1)]);
        return (file, whole);
    }

    private void Copy(string place)
    {
        var target = Path.Combine(made.Folder, place);
        foreach (var file in Directory.EnumerateFiles(made.Store.Place, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(made.Store.Place, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
