namespace Provost.Stores.Tests.ClickHouse;

/// <summary>One process for the tests that leave nothing behind but tables of their own name.</summary>
public sealed class SharedStore : IAsyncLifetime
{
    internal ClickHouseStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("CI") == "true" || Exists())
        {
            Store = await ClickHouseStore.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }
    }

    /// <summary>The store, or a skipped test where the engine is not installed.</summary>
    internal ClickHouseStore Get()
    {
        ClickHouseStore.Library();
        return Store;
    }

    private static bool Exists()
    {
        try
        {
            _ = Stores.ClickHouse.Engine.ChdbLibrary.Find(Environment.GetEnvironmentVariable("PROVOST_ClickHouse__Library"));
            return true;
        }
        catch (StoreError)
        {
            return false;
        }
    }
}

[CollectionDefinition(nameof(SharedStore))]
public sealed class SharedStoreTests : ICollectionFixture<SharedStore>;
