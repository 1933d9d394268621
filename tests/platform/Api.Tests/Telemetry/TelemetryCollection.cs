namespace Provost.Api.Tests.Telemetry;

/// <summary>Meters belong to the process: while another test runs a service of its own, a scrape has its figures too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "Telemetry";
}
