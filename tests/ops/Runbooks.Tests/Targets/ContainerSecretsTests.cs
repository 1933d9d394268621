using Provost.Runbooks.Targets.Compose;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Tests.Targets;

public sealed class ContainerSecretsTests : IDisposable
{
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-secrets-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Made_once_and_kept()
    {
        ContainerSecrets.Ensure(folder.FullName);
        var first = Contents();

        ContainerSecrets.Ensure(folder.FullName);

        Assert.Equal(first, Contents());
        Assert.All(Secrets.All.SelectMany(s => s.Services.Select(service => $"secrets/{service}/{s.Name}")), path => Assert.Contains(path, first.Keys));
    }

    [Fact]
    public void The_stores_users_read_theirs_by_their_group_and_nobody_else_reads_any()
    {
        ContainerSecrets.Ensure(folder.FullName);

        var entries = Directory.EnumerateFileSystemEntries(folder.FullName, "*", SearchOption.AllDirectories).ToList();
        Assert.All(entries, path => Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(path) & Others));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(Path.Combine(folder.FullName, "secrets/api/Names__Key")) & Group);
        Assert.Equal(UnixFileMode.GroupRead, File.GetUnixFileMode(Path.Combine(folder.FullName, "secrets/redis/redis.users")) & Group);
        Assert.Equal(UnixFileMode.GroupRead, File.GetUnixFileMode(Path.Combine(folder.FullName, "secrets/clickhouse/users.xml")) & Group);
    }

    [Fact]
    public void The_stores_files_hold_hashes_and_no_password()
    {
        ContainerSecrets.Ensure(folder.FullName);

        var all = Contents();
        Assert.DoesNotContain(all["secrets/operator/Redis__Password"], all["secrets/redis/redis.users"], StringComparison.Ordinal);
        Assert.DoesNotContain(all["secrets/operator/ClickHouse__Password"], all["secrets/clickhouse/users.xml"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_gone_is_not_made_anew()
    {
        ContainerSecrets.Ensure(folder.FullName);
        File.Delete(Path.Combine(folder.FullName, "secrets/api/Names__Key"));

        var refused = Assert.Throws<OperationError>(() => ContainerSecrets.Ensure(folder.FullName));

        Assert.Contains("Names__Key", refused.Message, StringComparison.Ordinal);
        Assert.Contains("backup", refused.Remedy, StringComparison.Ordinal);
    }

    private Dictionary<string, string> Contents() => Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(folder.FullName, f), File.ReadAllText);
}
