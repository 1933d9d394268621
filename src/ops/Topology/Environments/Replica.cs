using System.Globalization;

namespace Provost.Topology.Environments;

/// <summary>One running copy of a service.</summary>
/// <param name="Service">api, web, gateway, redis or clickhouse.</param>
/// <param name="Number">Counts from 1.</param>
public sealed record Replica(string Service, int Number)
{
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Service}-{Number}");

    public override string ToString() => Id;
}
