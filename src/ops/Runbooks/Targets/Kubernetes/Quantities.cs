using System.Globalization;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>Amounts as a cluster writes them: "250m" cores, "512Mi" bytes, "3866320Ki".</summary>
internal static class Quantities
{
    private static readonly (string Unit, double Factor)[] Units =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("m", 0.001), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12),
    ];

    /// <summary>0 for what is no amount.</summary>
    public static double Of(JsonNode? node)
    {
        var text = node?.ToString() ?? "";
        var (unit, factor) = Units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.Ordinal), ("", 1));
        return double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number * factor : 0;
    }
}
