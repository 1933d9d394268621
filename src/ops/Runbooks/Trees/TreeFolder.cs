using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Rendering.Trees;

namespace Provost.Runbooks.Trees;

/// <summary>What a rendering did to its folder.</summary>
public sealed record TreeChange(IReadOnlyList<string> Written, IReadOnlyList<string> Unchanged, IReadOnlyList<string> Kept, IReadOnlyList<string> Removed);

/// <summary>
/// A folder with a rendered tree. A note in it says what was written there, so that nothing is ever overwritten or removed
/// that somebody else wrote or changed.
/// </summary>
public sealed class TreeFolder(string folder)
{
    private const string Note = ".provost-rendered.json";

    public TreeChange Write(RenderedTree tree)
    {
        var before = ReadNote();
        RequireOurs(tree, before);
        List<string> written = [], unchanged = [], kept = [], removed = [];
        foreach (var file in tree.Files)
        {
            var path = PathOf(file.Path);
            var exists = File.Exists(path);
            (file.IsYours && exists ? kept : exists && File.ReadAllText(path) == file.Text ? unchanged : written).Add(file.Path);
        }
        foreach (var file in tree.Files.Where(f => written.Contains(f.Path)))
        {
            WriteWhole(PathOf(file.Path), file.Text);
        }
        foreach (var path in before.Keys.Where(p => tree.Files.All(f => f.Path != p) && File.Exists(PathOf(p))))
        {
            File.Delete(PathOf(path));
            removed.Add(path);
        }
        WriteNote(tree);
        return new TreeChange(written, unchanged, kept, removed);
    }

    private string PathOf(string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    private void RequireOurs(RenderedTree tree, Dictionary<string, string> before)
    {
        var rendered = tree.Files.Where(f => !f.IsYours).Select(f => f.Path).Concat(before.Keys).Distinct(StringComparer.Ordinal);
        var foreign = rendered.Where(p => File.Exists(PathOf(p)) && (!before.TryGetValue(p, out var digest) || Digest(File.ReadAllText(PathOf(p))) != digest))
            // The very bytes that would be written are nobody's loss.
            .Where(p => tree.Files.FirstOrDefault(f => f.Path == p)?.Text != File.ReadAllText(PathOf(p)))
            .Order(StringComparer.Ordinal).ToList();
        if (foreign.Count > 0)
        {
            throw new OperationError(
                ErrorKind.Refused, $"{folder} holds files that were not rendered, or were changed since: nothing was written",
                "move your changes to provost.yaml or to the override file, remove these files, and render again; or choose an empty folder", foreign);
        }
    }

    private Dictionary<string, string> ReadNote()
    {
        var note = Path.Combine(folder, Note);
        try
        {
            return File.Exists(note) ? JsonSerializer.Deserialize(File.ReadAllBytes(note), TreeJson.Default.DictionaryStringString) ?? [] : [];
        }
        catch (JsonException e)
        {
            throw new OperationError(ErrorKind.Refused, $"{note} cannot be read: {e.Message}", "render into an empty folder", cause: e);
        }
    }

    private void WriteNote(RenderedTree tree)
    {
        var files = tree.Files.Where(f => !f.IsYours).ToDictionary(f => f.Path, f => Digest(f.Text));
        WriteWhole(Path.Combine(folder, Note), JsonSerializer.Serialize(files, TreeJson.Default.DictionaryStringString) + "\n");
    }

    private static void WriteWhole(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path + ".new", text);
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperationError(ErrorKind.Machine, $"{path} could not be written: {e.Message}", "give this user the right to write there, free some space, or choose another folder", cause: e);
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class TreeJson : JsonSerializerContext;
