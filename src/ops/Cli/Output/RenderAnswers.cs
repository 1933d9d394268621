using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provost.Cli.Output;

/// <param name="Kept">Files of yours that were there already.</param>
/// <param name="Unpinned">Images without a recorded digest.</param>
internal sealed record RenderAnswer(
    string Folder, IReadOnlyList<string> Written, IReadOnlyList<string> Unchanged, IReadOnlyList<string> Kept, IReadOnlyList<string> Removed, IReadOnlyList<string> Unpinned);

[JsonSerializable(typeof(RenderAnswer))]
internal sealed partial class RenderJson : JsonSerializerContext
{
    public static RenderJson Plain { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
