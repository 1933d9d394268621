using System.Text.Json;
using Provost.Harness;

namespace Provost.Stories.Backups;

/// <summary>Two destinations, one of them a bucket over a network that fails: every verb gets through, and one that is gone does not keep the other from its backup.</summary>
public sealed class OffsiteStory(ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bad_network_costs_time_and_a_destination_that_is_gone_costs_only_itself()
    {
        await using var bucket = await Bucket.StartAsync();
        await using var site = await Installation.StartAsync(extraKeys: $$"""
                backup:
                  destinations:
                    disk: { directory: disk }
                    offsite: { bucket: {{Bucket.Name}}, endpoint: '{{bucket.Endpoint}}', prefix: campus/one }
                  keep: { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0 }
            """);
        var file = Path.Combine(site.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(20, 4), Stop);
        (await site.RunAsync("import", file, "--course", "MATH 101")).MustSucceed();
        (await Command.RunAsync("sh", site.Directory, TimeSpan.FromMinutes(1), "-c",
            $"printf '%s\\n%s\\n' {Bucket.AccessKey} {Bucket.SecretKey} | {Path.Combine(Repository.Root, "provost")} backup login offsite")).MustSucceed();

        await FailAsync(bucket, ("500", 3), ("truncated-upload", 3));
        var first = await site.JsonAsync("backup", "create");
        Assert.Equal(["disk", "offsite"], await PlacesAsync(site, first));

        await FailAsync(bucket, ("500", 2), ("truncated-download", 3));
        Assert.True((await site.JsonAsync("backup", "verify")).GetProperty("passed").GetBoolean());

        await bucket.FailAsync("500", int.MaxValue);
        var failed = await site.RunAsync("backup", "create", "--json");
        Assert.Equal(1, failed.ExitCode);
        await bucket.FailAsync("500", 0);
        Assert.Equal(["disk"], await PlacesAsync(site, failed.Json));
        Assert.Contains("offsite", await ProblemAsync(site), StringComparison.Ordinal);

        var third = await site.JsonAsync("backup", "create");
        Assert.Equal(["disk", "offsite"], await PlacesAsync(site, third));
        Assert.Null(await ProblemAsync(site));

        await FailAsync(bucket, ("500", 2), ("truncated-download", 1));
        (await site.RunAsync("backup", "prune", "--yes")).MustSucceed();
        Assert.Equal([third.GetProperty("id").GetString()], (await site.JsonAsync("backup", "list")).EnumerateArray().Select(b => b.GetProperty("id").GetString()));

        await FromNothingAsync(site, bucket, third.GetProperty("id").GetString());
        var into = Path.Combine(site.Directory, "look");
        await FailAsync(bucket, ("500", 2), ("truncated-download", 3));
        Assert.True((await site.JsonAsync("restore", "--from", "offsite", "--into", into)).GetProperty("digestsEqual").GetBoolean());

        // A copy to look at makes no backups of its own in the repositories of the site.
        var copy = (await Command.ProvostAsync(into, TimeSpan.FromMinutes(1), "status", "--json")).Json;
        Assert.Contains("this is a copy", copy.GetProperty("backup").GetProperty("problem").GetString(), StringComparison.Ordinal);
        var struck = await bucket.StruckAsync();
        output.WriteLine($"{struck} faults struck");
        Assert.InRange(struck, 12, int.MaxValue);
    }

    // As after the loss of a region: an empty folder, the kit, the address of the bucket and its keys.
    private static async Task FromNothingAsync(Installation site, Bucket bucket, string? id)
    {
        var elsewhere = Directory.CreateTempSubdirectory("provost-nothing-").FullName;
        var kit = Path.Combine(elsewhere, "kit.txt");
        await File.WriteAllTextAsync(kit, (await site.RunAsync("recovery-kit", "create")).MustSucceed().Output, Stop);
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", Bucket.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", Bucket.SecretKey);
        foreach (var from in (string[])[$"{bucket.Endpoint}/{Bucket.Name}/campus/one", $"s3://{Bucket.Name}/campus/one?endpoint={bucket.Endpoint}"])
        {
            var listed = (await Command.ProvostAsync(elsewhere, TimeSpan.FromMinutes(2), "backup", "list", "--from", from, "--kit", kit, "--json")).MustSucceed().Json;
            Assert.Equal(id, Assert.Single(listed.EnumerateArray()).GetProperty("id").GetString());
            (await Command.ProvostAsync(elsewhere, TimeSpan.FromMinutes(2), "backup", "verify", "--from", from, "--kit", kit)).MustSucceed();
            (await Command.ProvostAsync(elsewhere, TimeSpan.FromMinutes(2), "recovery-kit", "check", kit, "--from", from)).MustSucceed();
        }
        Directory.Delete(elsewhere, recursive: true);
    }

    private static async Task FailAsync(Bucket bucket, params (string Kind, int Count)[] faults)
    {
        foreach (var (kind, count) in faults)
        {
            await bucket.FailAsync(kind, count);
        }
    }

    /// <summary>Destinations whose list names the backup.</summary>
    private static async Task<IEnumerable<string?>> PlacesAsync(Installation site, JsonElement created)
    {
        var id = created.GetProperty("id").GetString();
        var listed = (await site.JsonAsync("backup", "list")).EnumerateArray().Single(b => b.GetProperty("id").GetString() == id);
        return listed.GetProperty("places").EnumerateArray().Select(p => p.GetString());
    }

    private static async Task<string?> ProblemAsync(Installation site) =>
        (await site.RunAsync("status", "--json")).Json.GetProperty("backup") is var backup && backup.TryGetProperty("problem", out var problem) ? problem.GetString() : null;
}
