using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Provost.Cli.Output;

/// <summary>Where a verb writes: data to one stream, talk to the other.</summary>
/// <param name="IsInteractive">Whether a person sits at a terminal: only then is there a prompt or a moving line.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Talk, TextReader Input, bool Json, bool IsInteractive)
{
    /// <summary>Columns of the terminal; without one there is no edge to wrap at.</summary>
    public static int Width => Console.IsOutputRedirected ? int.MaxValue : Console.WindowWidth;

    public static Terminal Of(bool json) =>
        new(Console.Out, Console.Error, Console.In, json, !json && !Console.IsErrorRedirected && !Console.IsInputRedirected && !Console.IsOutputRedirected);

    public void Say(string line) => Talk.WriteLine(line);

    public void Write<T>(T data, JsonTypeInfo<T> type) => Output.WriteLine(JsonSerializer.Serialize(data, type));
}
