using Provost.Hosting.Configuration;

namespace Provost.WebHost;

/// <summary>Section <c>Web</c>.</summary>
internal sealed class WebOptions : IServiceOptions
{
    /// <summary>The bundle's wwwroot.</summary>
    public string Root { get; set; } = "";

    /// <summary>wwwroot of older releases: pages opened before a deployment still load their fingerprinted files from there.</summary>
    public string[] Previous { get; set; } = [];

    /// <summary>
    /// Where releases are installed, each with <c>Web/wwwroot</c> and the mark <c>.complete</c>: their fingerprinted files are
    /// served too, also of a release that was installed after this replica had started. A release that is not there is put there by
    /// its own replicas.
    /// </summary>
    public string? Releases { get; set; }

    /// <summary>How many releases stay there, this one among them.</summary>
    public int KeepReleases { get; set; } = 5;

    /// <summary>
    /// HOST:PORT of the other replicas, where HOST has an address for each: who lacks a fingerprinted file asks them, for while a
    /// rollout runs they may be of another release.
    /// </summary>
    public string? Peers { get; set; }

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (Peers is { } peers && (peers.LastIndexOf(':') is var colon && (colon <= 0 || !ushort.TryParse(peers.AsSpan(colon + 1), out var port) || port == 0)))
        {
            yield return new(nameof(Peers), $"is \"{peers}\"", "set HOST:PORT, or leave it out");
        }

        if (KeepReleases < 1)
        {
            yield return new(nameof(KeepReleases), $"is {KeepReleases}", "set 1 or more");
        }

        if (Root.Length == 0)
        {
            yield return new(nameof(Root), "is missing", "set the wwwroot of the published Web bundle");
        }
        else if (!File.Exists(Path.Combine(Root, "index.html")))
        {
            yield return new(nameof(Root), $"is \"{Root}\", which has no index.html", "set the wwwroot of the published Web bundle");
        }
    }
}
