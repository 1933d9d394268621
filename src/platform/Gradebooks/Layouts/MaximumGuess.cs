namespace Provost.Gradebooks.Layouts;

/// <summary>A maximum for a column that does not state one.</summary>
internal static class MaximumGuess
{
    private static readonly double[] UsualScales = [1, 5, 10, 15, 20, 25, 30, 40, 50, 100, 150, 200, 250, 300, 400, 500, 1000];

    /// <summary>The smallest usual scale that holds the highest score; 100 when there is none.</summary>
    public static double For(double highest)
    {
        if (double.IsNaN(highest) || highest <= 0)
            return 100;
        foreach (var scale in UsualScales)
            if (highest <= scale)
                return scale;
        var power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        return Math.Ceiling(highest / power) * power;
    }
}
