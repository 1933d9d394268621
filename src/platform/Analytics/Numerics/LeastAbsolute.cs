namespace Provost.Analytics.Numerics;

/// <summary>Least absolute deviations.</summary>
internal static class LeastAbsolute
{
    /// <summary>Coefficients b that make sum w |y - x b| small: iteratively reweighted least squares (Schlossmacher 1973).</summary>
    /// <param name="features">n x d, row by row.</param>
    /// <param name="targets">n.</param>
    /// <param name="weights">n, not negative.</param>
    /// <param name="d">Features per row.</param>
    public static double[] Fit(ReadOnlySpan<double> features, ReadOnlySpan<double> targets, ReadOnlySpan<double> weights, int d)
    {
        var coefficients = new double[d];
        var normal = new double[d * d];
        for (var iteration = 0; iteration < 60; iteration++)
        {
            var next = new double[d];
            Array.Clear(normal);
            for (var r = 0; r < targets.Length; r++)
            {
                var row = features.Slice(r * d, d);
                var residual = targets[r];
                for (var i = 0; i < d; i++)
                    residual -= coefficients[i] * row[i];
                var weight = iteration == 0 ? weights[r] : weights[r] / Math.Max(Math.Abs(residual), 1e-3);
                for (var i = 0; i < d; i++)
                {
                    next[i] += weight * row[i] * targets[r];
                    for (var j = 0; j <= i; j++)
                        normal[i * d + j] += weight * row[i] * row[j];
                }
            }

            for (var i = 0; i < d; i++)
                normal[i * d + i] += 1e-9;
            LinearSystem.Solve(normal, next);
            coefficients = next;
        }

        return coefficients;
    }

    /// <summary>Weighted median: the value at which half of the weight is reached; minimises sum w |value - m|.</summary>
    public static double WeightedMedian(double[] values, double[] weights)
    {
        Array.Sort(values, weights);
        double half = weights.Sum() / 2, reached = 0;
        for (var i = 0; i < values.Length; i++)
        {
            reached += weights[i];
            if (reached >= half)
                return values[i];
        }

        return double.NaN;
    }
}
