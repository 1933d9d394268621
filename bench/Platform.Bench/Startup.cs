using System.Diagnostics;
using Provost.Harness;

namespace Provost.Platform.Bench;

/// <summary>From a clone to ready, and from down to ready.</summary>
internal static class Startup
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>The first up of a fresh clone whose C# packages all have to be fetched.</summary>
    public static async Task<double> FirstUpSecondsAsync()
    {
        var directory = Directory.CreateTempSubdirectory("provost-first-").FullName;
        var clone = Path.Combine(directory, "clone");
        Must(await Command.RunAsync("git", directory, Limit, "clone", "--quiet", Repository.Root, clone));
        await File.WriteAllTextAsync(Path.Combine(directory, "provost.yaml"), $"name: first\nsites: {{ local: {{ http: {{ port: {FreePort.Next()} }} }} }}\n");
        Environment.SetEnvironmentVariable("NUGET_PACKAGES", Path.Combine(directory, "packages"));
        Environment.SetEnvironmentVariable("NUGET_HTTP_CACHE_PATH", Path.Combine(directory, "cache"));
        try
        {
            var tool = Path.Combine(clone, "provost");
            var first = await Timed.OnceAsync(async () => Must(await Command.RunAsync(tool, directory, Limit, "up", "-d")));
            Must(await Command.RunAsync(tool, directory, Limit, "down"));
            return first.TotalSeconds;
        }
        finally
        {
            Environment.SetEnvironmentVariable("NUGET_PACKAGES", null);
            Environment.SetEnvironmentVariable("NUGET_HTTP_CACHE_PATH", null);
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Up after down, and the two stores by themselves: the same programs on the same data, without agent and services.</summary>
    public static async Task<(double Up, double Stores)> SecondUpSecondsAsync(Installation installation)
    {
        Must(await installation.RunAsync("down"));
        var stores = BareStore.Of(installation);
        var bare = await Timed.OnceAsync(() => Task.WhenAll(stores.Select(store => store.StartAsync())));
        await Task.WhenAll(stores.Select(store => store.StopAsync()));
        return ((await Timed.OnceAsync(installation.UpAsync)).TotalSeconds, bare.TotalSeconds);
    }

    public static async Task<(double Help, double Process)> HelpMillisecondsAsync(Installation installation)
    {
        var help = await Timed.MedianAsync(9, async () => Must(await installation.RunAsync("--help")));
        return (help, await Timed.MedianAsync(9, () => Process.Start("/bin/true").WaitForExitAsync()));
    }

    private static void Must(CommandResult result) => result.MustSucceed();
}
