using System.Text.Json;

namespace Provost.Cli.Output;

/// <summary>A backtest as people read it: a line for each figure, a column for each day or share.</summary>
internal static class BacktestTable
{
    public static void Write(Terminal terminal, string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var figure in document.RootElement.EnumerateObject())
        {
            if (figure.Value.ValueKind != JsonValueKind.Object)
            {
                terminal.Output.WriteLine($"{figure.Name,-16} {figure.Value}");
                continue;
            }
            var cells = figure.Value.EnumerateObject().Select(at => at.Value.ValueKind == JsonValueKind.Object
                ? $"{at.Name}: {string.Join(' ', at.Value.EnumerateObject().Select(v => $"{v.Name} {Short(v.Value)}"))}"
                : $"{at.Name}: {Short(at.Value)}");
            terminal.Output.WriteLine($"{figure.Name,-16} {string.Join("   ", cells)}");
        }
    }

    private static string Short(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("0.###", System.Globalization.CultureInfo.InvariantCulture) : value.ToString();
}
