using System.Globalization;
using System.Text.RegularExpressions;
using Provost.Containers.Tests;

namespace Provost.Deploy.Bench;

/// <summary>
/// A deployment of a site of containers beside <c>docker compose up -d</c> of the same change: the other release's images for api, web
/// and gateway. The engine and the images are those of the stories of the containers.
/// </summary>
internal static partial class ComposeComparison
{
    /// <returns>What this machine lacks; null when everything was compared.</returns>
    public static async Task<string?> RunAsync(Bars bars)
    {
        await using var images = new BuiltImages();
        await images.InitializeAsync();
        if (images.Lacks is { } lacks)
            return lacks;
        await using var registry = await PrivateRegistry.StartAsync(Path.Combine(images.Folder, "registry-bench"));
        registry.TrustByEngine();
        await using var site = await ComposeSite.PrepareAsync(
            images, registry, "bench", $"  local:\n    target: compose\n    http: {{ port: {PrivateRegistry.FreePort()} }}\n    stores: {{ redis: {{ server: embedded }}, clickHouse: {{ server: embedded }} }}\n");
        (await site.ProvostAsync("up", "--detach", "--no-demo")).Require();
        var file = Path.Combine(site.Rendered, "compose.yaml");
        var before = ImagesOf(await File.ReadAllTextAsync(file));
        await site.ReleaseAsync(registry, "0.0.2");
        var url = await site.UrlAsync();

        var roll = await Interruption.MeasureAsync(url, async () => (await site.ProvostAsync("deploy", "--no-backup")).Require());
        // The same change, back: each image as it was, and Compose does what it does.
        var after = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, Image().Replace(after, match => before.GetValueOrDefault(match.Groups["name"].Value, match.Value)));
        var plain = await Interruption.MeasureAsync(url, async () =>
        {
            (await site.ComposeAsync("up", "--detach", "--wait")).Require();
            await site.HealthyAsync();
        });

        Console.WriteLine("bring a release of containers live        seconds   longest gap ms   failed requests");
        Row("provost deploy (nobody shall notice)", roll);
        Row("docker compose up -d (baseline)", plain);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio of the gaps {roll.LongestGapMs / plain.LongestGapMs:0.000}"));
        bars.AtMost("requests that failed during the deployment of containers", roll.Failed, 0);
        Console.WriteLine();
        return null;
    }

    private static Dictionary<string, string> ImagesOf(string compose) =>
        Image().Matches(compose).GroupBy(match => match.Groups["name"].Value).ToDictionary(group => group.Key, group => group.First().Value);

    private static void Row(string name, Interruption figures) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-40} {figures.Seconds,8:0.0} {figures.LongestGapMs,16:0} {figures.Failed,17}"));

    [GeneratedRegex("(?<name>[a-z0-9./:-]+/(?:backend|frontend|gateway))@sha256:[0-9a-f]{64}")]
    private static partial Regex Image();
}
