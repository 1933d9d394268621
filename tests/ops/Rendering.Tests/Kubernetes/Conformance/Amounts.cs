using System.Globalization;
using System.Text.Json.Nodes;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>Amounts as a cluster writes them: "250m" cores, "512Mi" bytes.</summary>
internal static class Amounts
{
    private static readonly (string Unit, double Factor)[] Units = [("Ki", 1024), ("Mi", 1048576), ("Gi", 1073741824), ("Ti", 1099511627776), ("m", 0.001), ("k", 1000)];

    /// <summary>NaN for what is no amount: every comparison with it is false.</summary>
    public static double Of(JsonNode? node)
    {
        var text = node?.ToString() ?? "";
        var (unit, factor) = Units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.Ordinal), ("", 1));
        return double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number * factor : double.NaN;
    }

    public static long Bytes(JsonNode? node) => Of(node) is var bytes && double.IsNaN(bytes) ? -1 : (long)bytes;
}
