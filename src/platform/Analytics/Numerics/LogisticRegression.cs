namespace Provost.Analytics.Numerics;

/// <summary>Logistic regression with a normal prior, by Newton's method (IRLS; McCullagh &amp; Nelder 1989, ch. 4).</summary>
internal static class LogisticRegression
{
    /// <param name="features">n x d, row by row; put a 1 in for an intercept.</param>
    /// <param name="labels">n, true = 1.</param>
    /// <param name="prior">Means of the d coefficients: what is believed before there are data.</param>
    /// <param name="priorVariance">Variance of the prior; with thousands of rows it hardly matters, with dozens it keeps the fit sane.</param>
    /// <returns>d coefficients.</returns>
    public static double[] Fit(ReadOnlySpan<double> features, ReadOnlySpan<bool> labels, ReadOnlySpan<double> prior, double priorVariance)
    {
        var d = prior.Length;
        var coefficients = prior.ToArray();
        var hessian = new double[d * d];
        var step = new double[d];
        for (var iteration = 0; iteration < 50; iteration++)
        {
            Accumulate(features, labels, coefficients, hessian, step);
            for (var i = 0; i < d; i++)
            {
                hessian[i * d + i] += 1 / priorVariance;
                step[i] -= (coefficients[i] - prior[i]) / priorVariance;
            }

            LinearSystem.Solve(hessian, step);
            var largest = 0.0;
            for (var i = 0; i < d; i++)
                largest = Math.Max(largest, Math.Abs(step[i]));
            coefficients = Uphill(features, labels, coefficients, step, prior, priorVariance);
            if (largest < 1e-10)
                break;
        }

        return coefficients;
    }

    /// <summary>
    /// The whole step, or the half, the quarter ... of it that does not go downhill: far from the prior, Newton's method alone
    /// runs away (Nocedal &amp; Wright 2006, ch. 3). What rounding alone takes away is no way down.
    /// </summary>
    private static double[] Uphill(
        ReadOnlySpan<double> features, ReadOnlySpan<bool> labels, double[] from, double[] step, ReadOnlySpan<double> prior, double priorVariance)
    {
        var before = LogPosterior(features, labels, from, prior, priorVariance);
        var to = new double[from.Length];
        for (var (halvings, share) = (0, 1.0); halvings < 30; halvings++, share /= 2)
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = from[i] + share * step[i];
            if (LogPosterior(features, labels, to, prior, priorVariance) >= before - 1e-12 * Math.Abs(before))
                break;
        }

        return to;
    }

    private static double LogPosterior(
        ReadOnlySpan<double> features, ReadOnlySpan<bool> labels, double[] coefficients, ReadOnlySpan<double> prior, double priorVariance)
    {
        var sum = 0.0;
        for (var i = 0; i < prior.Length; i++)
            sum -= (coefficients[i] - prior[i]) * (coefficients[i] - prior[i]) / (2 * priorVariance);
        for (var r = 0; r < labels.Length; r++)
        {
            var z = 0.0;
            for (var i = 0; i < prior.Length; i++)
                z += coefficients[i] * features[r * prior.Length + i];
            sum += (labels[r] ? Math.Min(z, 0) : Math.Min(-z, 0)) - Elementary.Log(1 + Elementary.Exp(-Math.Abs(z)));
        }

        return sum;
    }

    private static void Accumulate(
        ReadOnlySpan<double> features, ReadOnlySpan<bool> labels, double[] coefficients, double[] hessian, double[] gradient)
    {
        var d = coefficients.Length;
        Array.Clear(hessian);
        Array.Clear(gradient);
        for (var r = 0; r < labels.Length; r++)
        {
            var row = features.Slice(r * d, d);
            var z = 0.0;
            for (var i = 0; i < d; i++)
                z += coefficients[i] * row[i];
            var p = Elementary.Logistic(z);
            var weight = p * (1 - p);
            var residual = (labels[r] ? 1 : 0) - p;
            for (var i = 0; i < d; i++)
            {
                gradient[i] += residual * row[i];
                for (var j = 0; j <= i; j++)
                    hessian[i * d + j] += weight * row[i] * row[j];
            }
        }
    }
}
