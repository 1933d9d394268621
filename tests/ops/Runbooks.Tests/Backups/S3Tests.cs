using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Checking;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>Off-site against a server process that speaks S3, checks signatures, and fails in the ways that networks fail.</summary>
public sealed class S3Tests : IAsyncLifetime
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string Bucket = "provost-backups";
    private static readonly BucketKeys Keys = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private readonly HttpClient control = new();
    private readonly int port = Harness.FreePort.Next();
    private BackgroundProgram? server;

    public async ValueTask InitializeAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Provost.S3Server");
        server = BackgroundProgram.Start(new Command(program, [port.ToString(CultureInfo.InvariantCulture), Bucket, Keys.AccessKey, Keys.SecretKey]));
        for (var attempt = 0; attempt < 200; attempt++, await Task.Delay(50))
        {
            try
            {
                await control.GetStringAsync(Address("/-/faults"));
                return;
            }
            catch (HttpRequestException) when (!server.HasEnded)
            {
                // Not yet.
            }
        }
        Assert.Fail(string.Join('\n', server.LastLines));
    }

    [Fact]
    public async Task A_repository_in_a_bucket_is_the_same_as_one_in_a_directory()
    {
        using var made = await MadeRepository.CreateAsync();
        using var bucket = Open();
        await CopyAsync(made.Store, bucket);

        var repository = await Repository.OpenAsync(bucket, made.Keys, Stop);
        var check = await RepositoryCheck.RunAsync(repository, 0, Stop);

        Assert.Empty(check.Problems);
        Assert.Equal(2, check.Backups);
        Assert.False(await bucket.CreateAsync(Catalog.Name, new byte[1], Stop));
        await bucket.DeleteAsync(Catalog.Name, Stop);
        Assert.Null(await bucket.ReadAsync(Catalog.Name, Stop));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/provost-backups/campus/one?region=eu-central-1")]
    [InlineData("s3://provost-backups/campus/one?endpoint=http://127.0.0.1:{0}&region=eu-central-1")]
    public async Task The_kit_and_the_address_of_the_bucket_are_enough_to_list_and_verify(string form)
    {
        using var made = await MadeRepository.CreateAsync(largest: 5_000);
        using (var bucket = Open())
        {
            await CopyAsync(made.Store, bucket);
        }
        var address = string.Format(CultureInfo.InvariantCulture, form, port);
        var site = new BackupSite(new Installation(), "local", new StateDirectory(Path.Combine(made.Folder, "nothing-is-left")), made.Folder, null, null);

        Assert.True(RepositoryAddress.Is(address));
        var runbook = new VerifyRunbook(site, made.Time, _ => { });
        using var repositories = await runbook.OpenAsync([RepositoryAddress.Open(address, Keys)], made.Kit, Stop);

        Assert.Equal(made.Manifests.Select(m => m.Id), BackupList.Of(repositories).Select(b => b.Id));
        Assert.True((await runbook.RunAsync(repositories, false, false, Stop)).Passed);
        Assert.True(Assert.Single(await KitRunbook.CheckAsync([RepositoryAddress.Open(address, Keys)], made.Kit, Stop)).Opens);
        Assert.False(site.State.Exists);
    }

    [Theory]
    [InlineData("s3://bucket/a/b", "bucket", null, "a/b")]
    [InlineData("s3://bucket?endpoint=https://s3.example.edu", "bucket", "https://s3.example.edu", null)]
    [InlineData("https://s3.example.edu:9000/bucket", "bucket", "https://s3.example.edu:9000", null)]
    [InlineData("https://s3.example.edu/bucket/a%20b/c", "bucket", "https://s3.example.edu", "a b/c")]
    public void An_address_names_bucket_endpoint_and_folder(string address, string bucket, string? endpoint, string? prefix)
    {
        var parsed = RepositoryAddress.Parse(address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "region=eu-west-1");

        Assert.Equal(new S3Address(bucket, endpoint, "eu-west-1", prefix), parsed);
    }

    [Theory]
    [InlineData("https://s3.example.edu")]
    [InlineData("s3://")]
    [InlineData("s3://bucket?profile=mine")]
    public void An_address_that_says_too_little_or_too_much_is_refused_with_the_forms_there_are(string address) =>
        Assert.Contains("s3://BUCKET/PREFIX", Assert.Throws<OperationError>(() => RepositoryAddress.Parse(address)).Remedy, StringComparison.Ordinal);

    [Theory]
    [InlineData("500", 3)]
    [InlineData("timeout", 2)]
    [InlineData("truncated-upload", 3)]
    [InlineData("truncated-download", 3)]
    [InlineData("wrong-etag", 3)]
    public async Task A_fault_on_the_way_costs_time_and_nothing_else(string kind, int count)
    {
        using var made = await MadeRepository.CreateAsync(backups: 1, largest: 20_000);
        using var bucket = Open();
        (await control.PostAsync(Address($"/-/faults/{kind}/{count}"), null, Stop)).Dispose();

        await CopyAsync(made.Store, bucket);
        var check = await RepositoryCheck.RunAsync(await Repository.OpenAsync(bucket, made.Keys, Stop), 0, Stop);

        Assert.Empty(check.Problems);
        Assert.Equal(count.ToString(CultureInfo.InvariantCulture), await control.GetStringAsync(Address("/-/faults"), Stop));
    }

    [Fact]
    public async Task A_service_that_keeps_storing_other_bytes_is_never_believed()
    {
        using var bucket = Open();
        (await control.PostAsync(Address("/-/faults/wrong-etag/100"), null, Stop)).Dispose();

        var refused = await Assert.ThrowsAsync<OperationError>(() => bucket.WriteAsync("chunks/aa/aa", new byte[1000], Stop));

        Assert.Contains("stored other bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_keys_are_named_at_once()
    {
        using var bucket = Open(new BucketKeys(Keys.AccessKey, "another"));

        var refused = await Assert.ThrowsAsync<OperationError>(() => bucket.ReadAsync(RepositorySettings.Name, Stop));

        Assert.Contains("provost backup login", refused.Remedy, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    private S3Store Open(BucketKeys? keys = null) => new(
        new S3Address(Bucket, $"http://127.0.0.1:{port}", "eu-central-1", "campus/one"), keys ?? Keys, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(2));

    private static async Task CopyAsync(DirectoryStore from, S3Store to)
    {
        await foreach (var file in from.ListAsync("", Stop))
        {
            await to.WriteAsync(file.Name, await from.ReadAsync(file.Name, Stop), Stop);
        }
    }

    private Uri Address(string path) => new($"http://127.0.0.1:{port}{path}");
}
