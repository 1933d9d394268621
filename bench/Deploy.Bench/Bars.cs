using System.Globalization;

namespace Provost.Deploy.Bench;

/// <summary>Figures beside what they are to reach. The exit code is 1 when one does not.</summary>
internal sealed class Bars
{
    public int ExitCode { get; private set; }

    public void AtMost(string name, double value, double bar) => Judge(name, value, value <= bar, $"at most {Number(bar)}");

    public void AtLeast(string name, double value, double bar) => Judge(name, value, value >= bar, $"at least {Number(bar)}");

    private void Judge(string name, double value, bool isReached, string bar)
    {
        ExitCode = isReached ? ExitCode : 1;
        Console.WriteLine($"{(isReached ? "ok  " : "MISS")} {name,-60} {Number(value),8}  bar: {bar}");
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
