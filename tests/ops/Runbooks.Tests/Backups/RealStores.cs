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
}
