using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Making;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>A backup that was not made is seen, whatever the reason was.</summary>
public sealed class FailedBackupTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("provost-failed-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_that_nobody_foresaw_is_noted_counted_and_in_the_ledger()
    {
        var site = Site();
        // Where it wants to write a file lies a directory: an error of the system, none of ours.
        Directory.CreateDirectory(Path.Combine(site.WorkDirectory, $"reserve.{Environment.ProcessId}"));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => new BackupRunbook(site, TimeProvider.System, _ => { }).CreateAsync(null, Stop));

        Assert.IsNotType<OperationError>(error);
        Assert.Equal(error.Message, BackupNotes.Read(site).Problem);
        var failed = (await File.ReadAllLinesAsync(Path.Combine(site.WorkDirectory, "metrics.prom"), Stop)).Where(line => line.StartsWith("provost_backup_failed{", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(failed);
        Assert.All(failed, line => Assert.EndsWith(" 1", line, StringComparison.Ordinal));
        Assert.Equal("failed", Assert.Single(Ledger.Of(site.State, TimeProvider.System).Read()).Result);
    }

    [Fact]
    public async Task A_note_that_cannot_be_written_does_not_hide_the_cause()
    {
        var site = Site();
        Directory.CreateDirectory(Path.Combine(site.WorkDirectory, BackupNotes.Name));
        List<string> said = [];

        var error = await Assert.ThrowsAsync<OperationError>(() => new BackupRunbook(site, TimeProvider.System, said.Add).CreateAsync(null, Stop));

        Assert.Equal(ErrorKind.NotRunning, error.Kind);
        Assert.Contains(said, line => line.StartsWith("the failure could not be noted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_Redis_refuses_is_an_error_that_a_cut_may_be_tried_again_after()
    {
        await using var real = new RealStores();
        await using var redis = await real.Next("redis").StartRedisAsync(RedisKind.Aof, real.Below("data"), Stop);

        var refused = await Assert.ThrowsAsync<OperationError>(() => redis.ExecuteAsync("BGSAVE", "NONSENSE"));

        Assert.Equal(ErrorKind.Failed, refused.Kind);
        Assert.Contains("Redis refused", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private BackupSite Site()
    {
        var site = new BackupSite(new Installation(), "local", new StateDirectory(Path.Combine(folder, "state")), folder, null, null);
        site.State.Create();
        Directory.CreateDirectory(site.WorkDirectory);
        return site;
    }
}
