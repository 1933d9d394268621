namespace Provost.Analytics.Distributions;

/// <summary>The shape of n values (per cent). Section 4 of the formulas; computed by <see cref="DistributionAnalysis"/>.</summary>
/// <param name="N">Values used (NaN left out).</param>
/// <param name="Minimum">Lower edge of the first bin: 0, or less when a value is less.</param>
/// <param name="Maximum">Upper edge of the last bin: 100, or more with extra credit.</param>
/// <param name="Counts">Values per bin; bins are equally wide, the last includes its upper edge.</param>
/// <param name="Mean">With Student's 95 % interval; from n = 1 (interval from 2).</param>
/// <param name="Median">Type 7; 95 % interval by order statistics from n = 6.</param>
/// <param name="StandardDeviation">Divide by n - 1; from n = 2.</param>
/// <param name="InterquartileRange">Q3 - Q1, type 7; Low and High are Q1 and Q3; from n = 4.</param>
/// <param name="Skewness">G1 with +-1.96 standard errors; from n = 8.</param>
/// <param name="ExcessKurtosis">G2 with +-1.96 standard errors; from n = 8.</param>
/// <param name="NormalityP">p of D'Agostino and Pearson's K2; small = not normal; from n = 20.</param>
/// <param name="Bimodality">Sarle's coefficient; above 0.555 (that of a uniform) points at two groups; from n = 20.</param>
/// <param name="Outliers">Positions in the input that Tukey's fences or the modified z score call outliers, ascending; from n = 8.</param>
/// <param name="CeilingShare">Share of values at 95 or more.</param>
/// <param name="FloorShare">Share of values at 5 or less.</param>
/// <param name="Flags">Plain words: "skewed to the left", "two groups", "ceiling", "outliers: 3".</param>
public sealed record Distribution(
    int N, double Minimum, double Maximum, IReadOnlyList<int> Counts, Estimate Mean, Estimate Median, Estimate StandardDeviation,
    Estimate InterquartileRange, Estimate Skewness, Estimate ExcessKurtosis, Estimate NormalityP, Estimate Bimodality,
    IReadOnlyList<int> Outliers, double CeilingShare, double FloorShare, IReadOnlyList<string> Flags);
