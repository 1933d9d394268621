using System.Text.RegularExpressions;

namespace Provost.Harness;

/// <summary>Gives every fingerprinted file of a page's folder another fingerprint, as a change of every source file would.</summary>
public static partial class OtherFiles
{
    public static async Task RenameInAsync(string bundle)
    {
        foreach (var file in Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories).ToList())
        {
            if (Path.GetExtension(file) is ".html" or ".js" && Fingerprint().IsMatch(await File.ReadAllTextAsync(file)))
                await RewriteAsync(file, Renamed);
        }
        foreach (var file in Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories).ToList())
        {
            if (Renamed(Path.GetFileName(file)) is var name && name != Path.GetFileName(file))
                File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, name));
        }
    }

    /// <summary>The page names a file that is not there.</summary>
    public static Task BreakPageInAsync(string bundle) => RewriteAsync(
        Path.Combine(bundle, "index.html"), page => page.Replace("</body>", "<script src=\"js/missing.0123456789.js\"></script></body>", StringComparison.Ordinal));

    private static async Task RewriteAsync(string file, Func<string, string> change)
    {
        File.Delete(file + ".br");
        File.Delete(file + ".gz");
        await File.WriteAllTextAsync(file, change(await File.ReadAllTextAsync(file)));
    }

    private static string Renamed(string text) => Fingerprint().Replace(text, match => $".{new string([.. match.Groups["hash"].Value.Reverse()])}.{match.Groups["type"].Value}");

    [GeneratedRegex(@"\.(?<hash>(?=[a-z0-9]*[0-9])[a-z0-9]{10})\.(?<type>wasm|js|dat|css|br|gz)")]
    private static partial Regex Fingerprint();
}
