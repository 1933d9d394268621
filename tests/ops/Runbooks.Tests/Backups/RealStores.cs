using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>A real redis-server and the real embedded ClickHouse in a folder that goes with them.</summary>
internal sealed class RealStores : IAsyncDisposable
{
    private readonly List<ScratchStores> running = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("provost-cut-").FullName;

    public ScratchStores Next(string name)
    {
        var stores = new ScratchStores(Programs(), Below(name), null, TimeProvider.System);
        running.Add(stores);
        return stores;
    }

    public StorePrograms Programs()
    {
        var checkout = Checkout.Above(AppContext.BaseDirectory)!;
        var redis = Shell.Find("redis-server");
        var library = Directory.Exists(checkout.LibraryFolder) ? Directory.EnumerateFiles(checkout.LibraryFolder, "libchdb.so", SearchOption.AllDirectories).FirstOrDefault() : null;
        if ((redis is null || library is null) && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(redis is null ? "redis-server is not installed (Debian: apt-get install redis-server)" : "the embedded ClickHouse is not fetched (./build.cs test does it)");
        }
        Assert.NotNull(redis);
        Assert.NotNull(library);
        return new StorePrograms(Path.Combine(checkout.Root, "artifacts/bin/Stores/release/Provost.Stores"), "", library, redis);
    }

    public string Below(string name)
    {
        var folder = Path.Combine(Folder, name);
        PrivateFiles.CreateDirectory(folder);
        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stores in running)
        {
            await stores.DisposeAsync();
        }
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A table of cells in parts that stay what they are.</summary>
    public static async Task FillAsync(ClickHouseClient client, int parts, CancellationToken cancellation)
    {
        await client.ExecuteAsync("CREATE DATABASE provost", cancellation);
        await client.ExecuteAsync("CREATE TABLE provost.cells (course LowCardinality(String), student String, score Nullable(Float64)) ENGINE = MergeTree ORDER BY (course, student)", cancellation);
        await client.ExecuteAsync("SYSTEM STOP MERGES provost.cells", cancellation);
        for (var block = 0; block < parts; block++)
            await client.ExecuteAsync($"INSERT INTO provost.cells SELECT 'c' || toString(number % 7), toString(cityHash64(number, {block})), if(number % 5 = 0, NULL, number / 3) FROM numbers(10000)", cancellation);
    }
}
