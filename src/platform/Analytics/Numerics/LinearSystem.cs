namespace Provost.Analytics.Numerics;

/// <summary>Small symmetric positive definite systems.</summary>
internal static class LinearSystem
{
    /// <summary>Solves A x = b by Cholesky's decomposition; A (d x d, row by row) and b are overwritten, b becomes x.</summary>
    /// <exception cref="ArgumentException">A is not positive definite.</exception>
    public static void Solve(Span<double> a, Span<double> b)
    {
        var d = b.Length;
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i * d + j];
                for (var k = 0; k < j; k++)
                    sum -= a[i * d + k] * a[j * d + k];
                if (i == j && !(sum > 0))
                    throw new ArgumentException("the matrix is not positive definite", nameof(a));
                a[i * d + j] = i == j ? Math.Sqrt(sum) : sum / a[j * d + j];
            }
        }

        for (var i = 0; i < d; i++)
        {
            for (var k = 0; k < i; k++)
                b[i] -= a[i * d + k] * b[k];
            b[i] /= a[i * d + i];
        }

        for (var i = d - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < d; k++)
                b[i] -= a[k * d + i] * b[k];
            b[i] /= a[i * d + i];
        }
    }
}
