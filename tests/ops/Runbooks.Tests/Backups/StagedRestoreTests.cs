using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>The keys that data were written with go with the data, into secrets that nothing was written with yet.</summary>
public sealed class StagedRestoreTests : IDisposable
{
    private static readonly string[] Keys = ["Pseudonyms__Key", "Names__Key", "DataProtection__Key"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-staged-");
    private readonly StateDirectory state;
    private readonly StagedRestore restore;

    public StagedRestoreTests()
    {
        state = new StateDirectory(Path.Combine(folder.FullName, "state"));
        restore = new StagedRestore(new BackupSite(new Installation(), "local", state, folder.FullName, null, null), TimeProvider.System, _ => { });
        Directory.CreateDirectory(In(state.Secrets, Replicas.Api));
        Directory.CreateDirectory(In(state.Secrets, Secrets.Operator));
        foreach (var key in Keys)
        {
            Stage(Replicas.Api, key, $"backup's {key}");
        }
        Stage(Replicas.Api, Secrets.RedisPassword, "backup's password");
        Stage(Secrets.Operator, BackupKey.Name, "opens the repositories");
        Stage(Secrets.Operator, "Backup__offsite", "opens the bucket");
        Stage(Secrets.Operator, Secrets.OperatorToken, "backup's token");
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Keys_come_from_the_backup_and_passwords_do_not()
    {
        restore.GiveKeys();

        Assert.Equal(Keys.Order(StringComparer.Ordinal), Names(Replicas.Api));
        Assert.All(Keys, key => Assert.Equal($"backup's {key}", state.Secret(Replicas.Api, key)));
        Assert.Equal([BackupKey.Name, "Backup__offsite"], Names(Secrets.Operator));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(In(state.Secrets, Replicas.Api, Keys[0])));
    }

    [Fact]
    public void Secrets_that_are_in_use_are_left_alone()
    {
        File.WriteAllText(In(state.Secrets, Replicas.Api, "Names__Key"), "of data that live");

        var refused = Assert.Throws<OperationError>(restore.GiveKeys);

        Assert.Equal(ErrorKind.Refused, refused.Kind);
        Assert.Equal("of data that live", state.Secret(Replicas.Api, "Names__Key"));
        Assert.Equal(["Names__Key"], Names(Replicas.Api));
    }

    [Fact]
    public void A_backup_without_a_key_is_no_backup()
    {
        File.Delete(In(restore.Folder, ".provost/secrets", Replicas.Api, "Names__Key"));

        Assert.Contains("Names__Key", Assert.Throws<OperationError>(restore.GiveKeys).Message, StringComparison.Ordinal);
    }

    private IEnumerable<string?> Names(string owner) => Directory.EnumerateFiles(In(state.Secrets, owner)).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private void Stage(string owner, string name, string content)
    {
        var file = In(restore.Folder, ".provost/secrets", owner, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private static string In(params string[] parts) => Path.Combine(parts);
}
