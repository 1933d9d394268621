namespace Provost.Stores.Tests.ClickHouse;

/// <summary>What is wrong at the start is said in words.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Missing_settings_are_all_named()
    {
        using var directory = new TemporaryDirectory();
        await using var process = StoreProcess.Launch("clickhouse", new Dictionary<string, string> { ["ClickHouse__MaxMemoryMegabytes"] = "1" }, directory.Path);

        Assert.Equal(78, await process.ExitAsync());
        Assert.Contains("PROVOST_ClickHouse__DataDirectory", process.Output, StringComparison.Ordinal);
        Assert.Contains("ClickHouse__Password", process.Output, StringComparison.Ordinal);
        Assert.Contains("PROVOST_ClickHouse__MaxMemoryMegabytes", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_engine_says_what_to_run()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "ClickHouse__Password"), "x");
        await using var process = StoreProcess.Launch(
            "clickhouse",
            new Dictionary<string, string> { ["ClickHouse__DataDirectory"] = directory.Sub("data"), ["ClickHouse__Library"] = "/nowhere/libchdb.so" },
            directory.Path);

        Assert.Equal(74, await process.ExitAsync());
        Assert.Contains("PROVOST_ClickHouse__Library names /nowhere/libchdb.so", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_runtime_keeps_its_signals()
    {
        await using var store = await ClickHouseStore.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => store.TextAsync("SELECT 1")));

        // Without SIGSEGV a null reference in C# ends the process; without SIGTERM it never drains.
        Assert.All((int[])[8, 11, 15], signal => Assert.True(Catches(store.Process.Id, signal), $"nobody catches signal {signal}"));
    }

    private static bool Catches(int process, int signal)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(text => text.StartsWith("SigCgt:", StringComparison.Ordinal));
        return (Convert.ToUInt64(line["SigCgt:".Length..].Trim(), 16) & (1UL << (signal - 1))) != 0;
    }
}
