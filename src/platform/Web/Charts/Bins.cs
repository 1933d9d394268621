using Provost.Contracts;
using Provost.Web.Display;

namespace Provost.Web.Charts;

/// <summary>The ranges of a distribution's bins, and their names.</summary>
internal static class Bins
{
    public static (double From, double To) Range(this DistributionView of, int bin)
    {
        var wide = (of.Maximum - of.Minimum) / of.Counts.Count;
        return (of.Minimum + (bin * wide), of.Minimum + ((bin + 1) * wide));
    }

    public static string RangeName(this DistributionView of, int bin)
    {
        var (from, to) = of.Range(bin);
        return $"{Figures.Number(from)} to {Figures.Number(to)}\u00a0%";
    }
}
