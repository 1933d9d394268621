using System.Globalization;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Manifests;

/// <summary>Amounts as the cluster writes them.</summary>
internal static class Quantity
{
    /// <summary>Cores: "2", "250m".</summary>
    public static string Cores(double cores)
    {
        var thousandths = (long)Math.Ceiling(Math.Round(cores * 1000, 3));
        return thousandths % 1000 == 0
            ? (thousandths / 1000).ToString(CultureInfo.InvariantCulture)
            : thousandths.ToString(CultureInfo.InvariantCulture) + "m";
    }

    /// <summary>A plain number: "500", "2k".</summary>
    public static string Count(int number) => number % 1000 == 0 && number > 0
        ? (number / 1000).ToString(CultureInfo.InvariantCulture) + "k"
        : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Bytes in whole mebibytes: "512Mi", "4Gi".</summary>
    public static string Bytes(ByteSize size)
    {
        var mebibytes = (size.Bytes + (1 << 20) - 1) >> 20;
        return mebibytes == 0 ? "0" : mebibytes % 1024 == 0
            ? (mebibytes / 1024).ToString(CultureInfo.InvariantCulture) + "Gi"
            : mebibytes.ToString(CultureInfo.InvariantCulture) + "Mi";
    }

    public static int WholeSeconds(TimeSpan span) => Math.Max(1, (int)Math.Ceiling(span.TotalSeconds));
}
