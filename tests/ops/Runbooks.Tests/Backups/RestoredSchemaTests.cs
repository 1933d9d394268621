using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Restoring;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>What the platform's own program says of the restored tables decides.</summary>
public sealed class RestoredSchemaTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-schema-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("Usage: Provost.Api schema", 64)]
    public Task Tables_that_are_as_expected_or_whose_release_cannot_compare_pass(string says, int exit) => AskAsync(says, exit);

    [Fact]
    public async Task Tables_that_lack_something_are_refused_by_what_they_lack()
    {
        var refused = await Assert.ThrowsAsync<OperationError>(() => AskAsync("""["the column score of cells is not there"]""", 0));

        Assert.Equal(ErrorKind.Refused, refused.Kind);
        Assert.Equal(["the column score of cells is not there"], refused.Details);
    }

    [Fact]
    public async Task No_answer_is_no_consent() => Assert.Equal(ErrorKind.Failed, (await Assert.ThrowsAsync<OperationError>(() => AskAsync("out of memory", 134))).Kind);

    private Task AskAsync(string says, int exit)
    {
        var program = Path.Combine(folder.FullName, "Provost.Api");
        File.WriteAllText(program, $"#!/bin/sh\n[ \"$*\" = 'schema --check' ] || exit 1\ncat <<'END'\n{says}\nEND\nexit {exit}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var manifest = new Manifest(1, "20260301T023000Z-abcdef", DateTimeOffset.UnixEpoch, "made", "local", "0.0.1", RedisKind.Rdb, "26.7", 0, [], new StoreDigests([], []), [], []);
        return RestoredSchema.RequireExpectedAsync(manifest, program, new Dictionary<string, string>(), folder.FullName, Stop);
    }
}
