using System.Globalization;
using System.Text;

namespace Provost.Platform.Bench;

/// <param name="Value">Null for what was not measured.</param>
/// <param name="Bar">Null for what is shown beside another figure and was promised by nobody.</param>
/// <param name="Baseline">What the same costs without the platform, or in the best case.</param>
internal sealed record Figure(string Name, double? Value, string Unit, double? Bar, (string Name, double Value)? Baseline)
{
    public bool Holds => Value is null || Bar is null || Value <= Bar;
}

/// <summary>Figures beside their bars and baselines. The exit code is 1 when a figure misses its bar.</summary>
internal sealed class FigureTable
{
    private readonly List<Figure> figures = [];

    public int ExitCode => figures.All(figure => figure.Holds) ? 0 : 1;

    public void Add(string name, double value, string unit, double bar, (string Name, double Value)? baseline = null) =>
        figures.Add(new Figure(name, value, unit, bar, baseline));

    public void Show(string name, double value, string unit, (string Name, double Value) baseline) =>
        figures.Add(new Figure(name, value, unit, null, baseline));

    public void NotMeasured(string name, string unit, double bar) => figures.Add(new Figure(name, null, unit, bar, null));

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var figure in figures)
        {
            var (name, value, unit, bar, baseline) = figure;
            if (value is null)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"--   {name,-62} not measured; bar {bar} {unit}");
                continue;
            }
            text.Append(CultureInfo.InvariantCulture, $"{(bar is null ? "" : figure.Holds ? "ok" : "MISS"),-4} {name,-62} {value,9:0.00} {unit,-3} {(bar is null ? "no bar" : $"bar {bar}")}");
            if (baseline is { } other)
                text.Append(CultureInfo.InvariantCulture, $"; {other.Name} {other.Value:0.00} {unit}, ratio {value / other.Value:0.00}");
            text.AppendLine();
        }
        return text.ToString();
    }
}
