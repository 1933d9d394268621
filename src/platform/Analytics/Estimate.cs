namespace Provost.Analytics;

/// <summary>
/// A number with what is needed to judge it. Below a method's floor there is no number, and <see cref="Insufficient"/> says why.
/// </summary>
/// <param name="Value">In the unit that its owner documents; NaN when there is too little data.</param>
/// <param name="N">Observations used.</param>
/// <param name="Low">Lower end of the interval; NaN where the method has none.</param>
/// <param name="High">Upper end of the interval; NaN where the method has none.</param>
/// <param name="Insufficient">Plain words, such as "needs 20 students, has 7"; null when there is a value.</param>
public readonly record struct Estimate(double Value, int N, double Low, double High, string? Insufficient)
{
    /// <summary>True when there is a value.</summary>
    public bool HasValue => Insufficient is null;

    /// <summary>True when there is an interval.</summary>
    public bool HasInterval => !double.IsNaN(Low) && !double.IsNaN(High);

    /// <summary>A value without an interval.</summary>
    public static Estimate Of(double value, int n) => Of(value, n, double.NaN, double.NaN);

    /// <summary>A value with its interval. A value that is no number becomes "undefined": nothing downstream shows NaN.</summary>
    public static Estimate Of(double value, int n, double low, double high) =>
        double.IsFinite(value)
            ? new(value, n, double.IsFinite(low) ? low : double.NaN, double.IsFinite(high) ? high : double.NaN, null)
            : None(n, "undefined: the scores do not vary");

    /// <summary>No value, for a reason.</summary>
    public static Estimate None(int n, string reason) => new(double.NaN, n, double.NaN, double.NaN, reason);

    /// <summary>No value because the data are fewer than the floor: "needs 20 students, has 7".</summary>
    public static Estimate Needs(int floor, string what, int n) => None(n, $"needs {floor} {what}, has {n}");
}
