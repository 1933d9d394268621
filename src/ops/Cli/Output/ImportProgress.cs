using System.Globalization;
using Provost.Runbooks.Operator;

namespace Provost.Cli.Output;

/// <summary>How far an import is: one moving line on a terminal, nothing elsewhere.</summary>
internal sealed class ImportProgress(Terminal terminal)
{
    private const int Width = 30;
    private bool shown;

    public void Show(ImportState state)
    {
        if (!terminal.IsInteractive)
        {
            return;
        }
        var share = state.BytesTotal > 0 ? Math.Clamp((double)state.BytesRead / state.BytesTotal, 0, 1) : 0;
        var bar = state.BytesTotal > 0 ? new string('#', (int)(share * Width)).PadRight(Width, '.') : "";
        terminal.Talk.Write(string.Create(CultureInfo.InvariantCulture, $"\r{state.Course} {state.Phase,-8} {bar} {state.Rows} rows   "));
        shown = true;
    }

    public void End()
    {
        if (shown)
        {
            terminal.Talk.WriteLine();
        }
    }
}
