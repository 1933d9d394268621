using Provost.Topology.Model;

namespace Provost.Topology.Reading;

/// <summary>Keys that are fine one by one and wrong together.</summary>
internal static class Contradictions
{
    public static IEnumerable<TopologyProblem> In(Installation installation, string file, IReadOnlyDictionary<string, Position> positions)
    {
        foreach (var (key, problem, remedy) in Sites(installation).Concat(RegistryContradictions.In(installation)))
        {
            var at = Nearest(key, positions);
            yield return new TopologyProblem(file, at.Line, at.Column, key, problem, remedy);
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Sites(Installation installation)
    {
        foreach (var (name, site) in installation.Sites)
        {
            foreach (var (key, problem, remedy) in Site(site).Concat(ClusterContradictions.In(site)))
            {
                yield return ($"sites.{name}.{key}", problem, remedy);
            }
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Site(Site site)
    {
        var https = site.Https;
        if (site.Domain is null && (https with { }) != new Https())
        {
            yield return ("https", "is set, but there is no domain to serve", "set domain to the host name of the certificate, or remove https");
        }
        if (site.Domain is not null && site.Http != new Http())
        {
            yield return ("http", "is set beside domain, where the gateway speaks HTTPS only", "move address and port to https, or remove domain");
        }
        if (https.Certificate is not null && https.Key is null)
        {
            yield return ("https.certificate", "has no private key", "set https.key to the PEM file of the key, or remove certificate to have one issued");
        }
        if (https.Key is not null && https.Certificate is null)
        {
            yield return ("https.key", "has no certificate", "set https.certificate to the PEM file of the chain, or remove key to have both issued");
        }
        foreach (var (name, destination) in site.Backup.Destinations.Where(d => (d.Value.Directory is null) == (d.Value.Bucket is null)))
        {
            yield return ($"backup.destinations.{name}", destination.Bucket is null ? "has neither directory nor bucket" : "has a directory and a bucket", "set one of the two");
        }
        if (site.Target is Target.Process && site.Stores.ClickHouse.Server is ClickHouseServer.Server)
        {
            yield return ("stores.clickHouse.server", "is server, and plain processes run the embedded engine only", "set target to compose or kubernetes, or remove the key");
        }
        if (site.Probes.Start < site.Probes.Interval)
        {
            yield return ("probes.start", "is shorter than probes.interval, so a replica would be given up before it is asked", "make probes.start the longer one");
        }
    }

    // A contradiction is shown where the file sets the key, or else at the closest key above that it does set.
    private static Position Nearest(string key, IReadOnlyDictionary<string, Position> positions)
    {
        for (var path = key; path.Length > 0; path = path.LastIndexOf('.') is var dot and >= 0 ? path[..dot] : "")
        {
            if (positions.TryGetValue(path, out var at))
            {
                return at;
            }
        }
        return new Position(1, 1);
    }
}
