using System.Text.Json.Serialization;

namespace Provost.Hosting.Health;

internal enum HealthStatus
{
    Starting,
    Ready,
    NotReady,
    Draining,
}

internal sealed record HealthReport(
    HealthStatus Status, string Service, string Replica, string Release, IReadOnlyList<CheckResult> Checks);

internal sealed record CheckResult(string Name, bool Ready, double Milliseconds, string? Problem);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    Converters = [typeof(HealthStatusConverter)])]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(Draining.DrainReport))]
internal sealed partial class HealthJson : JsonSerializerContext;

internal sealed class HealthStatusConverter() : JsonStringEnumConverter<HealthStatus>(System.Text.Json.JsonNamingPolicy.CamelCase);
