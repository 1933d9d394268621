using System.Globalization;
using System.Text;

namespace Provost.Platform.Bench;

/// <summary>Figures beside their bars. The exit code is 1 when a figure misses its bar.</summary>
internal sealed class FigureTable
{
    private readonly List<(string Name, double Value, string Unit, double Bar, (string Name, double Value)? Baseline)> rows = [];

    public int ExitCode => rows.All(row => row.Value <= row.Bar) ? 0 : 1;

    public void Add(string name, double value, string unit, double bar, (string Name, double Value)? baseline = null) =>
        rows.Add((name, value, unit, bar, baseline));

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(row.Value <= row.Bar ? "ok  " : "MISS")} {row.Name,-52} {row.Value,9:0.00} {row.Unit,-3} bar {row.Bar}");
            if (row.Baseline is { } baseline)
                text.Append(CultureInfo.InvariantCulture, $"; {baseline.Name} {baseline.Value:0.00} {row.Unit}, ratio {row.Value / baseline.Value:0.00}");
            text.AppendLine();
        }
        return text.ToString();
    }
}
