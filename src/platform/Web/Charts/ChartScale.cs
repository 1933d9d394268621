using System.Globalization;

namespace Provost.Web.Charts;

/// <summary>Maps a value's range to a range of pixels, and picks round tick values. Pure.</summary>
internal readonly record struct ChartScale(double From, double To, double Start, double End)
{
    public double At(double value) => Start + ((Math.Clamp(value, Math.Min(From, To), Math.Max(From, To)) - From) / (To - From) * (End - Start));

    public string Text(double value) => Coordinate(At(value));

    public static string Coordinate(double pixels) => Math.Round(pixels, 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Round values within the range, about as many as asked for.</summary>
    public IEnumerable<double> Ticks(int about)
    {
        var step = RoundStep((To - From) / Math.Max(1, about));
        for (var value = Math.Ceiling((From / step) - 1e-9) * step; value <= To + (step * 1e-9); value += step) yield return Math.Round(value, 10) + 0.0; // -0 would be written "−0"
    }

    private static double RoundStep(double rough)
    {
        if (!(rough > 0)) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var factor = (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 when power >= 10 => 2.5, <= 5 => 5, _ => 10 };
        return factor * power;
    }
}
