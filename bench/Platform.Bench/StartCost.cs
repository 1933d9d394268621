using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Harness;

namespace Provost.Platform.Bench;

/// <summary>What a start costs the machine: the processor time of every service until it has been ready for a while.</summary>
internal static class StartCost
{
    private const string Threshold = "System.Runtime.TieredCompilation.CallCountThreshold";
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(8);

    /// <returns>Processor seconds of all services, and the same when the runtime compiles again as often as it does by default.</returns>
    public static async Task<(double Ours, double Usual)> ProcessorSecondsAsync(Installation installation)
    {
        var ours = await MeasureAsync(installation);
        var kept = Configurations(installation).Select(file => (File: file, Text: File.ReadAllText(file))).Where(one => one.Text.Contains(Threshold, StringComparison.Ordinal)).ToDictionary();
        if (kept.Count == 0)
            throw new InvalidOperationException($"no {Threshold} in any service's configuration: nothing to compare with");
        try
        {
            foreach (var (file, text) in kept)
                await File.WriteAllTextAsync(file, Usual(text));
            return (ours, await MeasureAsync(installation));
        }
        finally
        {
            foreach (var (file, text) in kept)
                await File.WriteAllTextAsync(file, text);
        }
    }

    private static async Task<double> MeasureAsync(Installation installation)
    {
        (await installation.RunAsync("down")).MustSucceed();
        (await installation.UpAsync()).MustSucceed();
        await Task.Delay(Settled);
        return (await installation.ReplicasAsync()).Sum(replica => ProcessorSeconds(replica.Pid));
    }

    private static IEnumerable<string> Configurations(Installation installation) =>
        Directory.EnumerateFiles(Path.Combine(installation.StateDirectory, "releases"), "Provost.*.runtimeconfig.json", SearchOption.AllDirectories);

    private static string Usual(string configuration)
    {
        var json = JsonNode.Parse(configuration)!;
        json["runtimeOptions"]!["configProperties"]!.AsObject().Remove(Threshold);
        return json.ToJsonString();
    }

    // proc(5): fields 14 and 15 of stat, in hundredths of a second; the name before them may hold anything but a closing bracket.
    private static double ProcessorSeconds(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
    }
}
