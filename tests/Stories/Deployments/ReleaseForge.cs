using System.Text.RegularExpressions;
using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>Releases for stories: the checkout's own under another version, then changed where the story needs it.</summary>
internal static partial class ReleaseForge
{
    public static async Task<string> CreateAsync(Installation installation, string version)
    {
        var made = await Command.ProvostAsync(installation.Directory, TimeSpan.FromMinutes(8), "release", "create", "--version", version, "--json");
        return made.MustSucceed().Json.GetProperty("release").GetString()!;
    }

    /// <summary>A release whose page and files all have other fingerprints, as after a change of every source file.</summary>
    public static async Task<string> WithOtherFilesAsync(Installation installation, string version)
    {
        var release = await CreateAsync(installation, version);
        var bundle = Path.Combine(Folder(installation, release), "Web", "wwwroot");
        foreach (var file in Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories).ToList())
        {
            if (Path.GetExtension(file) is ".html" or ".js" && Fingerprint().IsMatch(await File.ReadAllTextAsync(file)))
            {
                File.Delete(file + ".br");
                File.Delete(file + ".gz");
                await File.WriteAllTextAsync(file, Renamed(await File.ReadAllTextAsync(file)));
            }
        }
        foreach (var file in Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories).ToList())
        {
            if (Renamed(Path.GetFileName(file)) is var name && name != Path.GetFileName(file))
                File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, name));
        }
        return release;
    }

    /// <summary>A release whose api does something else than serve; what it says about schemas is the real one's.</summary>
    public static async Task<string> WithApiAsync(Installation installation, string version, string instead)
    {
        var release = await CreateAsync(installation, version);
        var api = Path.Combine(Folder(installation, release), "Api", "Provost.Api");
        // In place, so that it stays executable.
        await File.WriteAllTextAsync(api, $"""
            #!/bin/sh
            case "$1" in schema|migrate) cd "$(dirname "$0")" && exec dotnet Provost.Api.dll "$@" ;; esac
            {instead}
            """);
        return release;
    }

    /// <summary>A release that works, and whose api answers slowly from the moment at which a file is there.</summary>
    public static Task<string> WithSlowApiAsync(Installation installation, string version, string from) => WithApiAsync(installation, version, $$"""
        api=$$
        (
          exec 3>&- 4>&-
          while [ ! -e '{{from}}' ]; do kill -0 $api || exit; sleep 0.2; done
          while kill -STOP $api; do sleep 0.6; kill -CONT $api; sleep 0.1; done
        ) >/dev/null 2>&1 &
        cd "$(dirname "$0")" && exec dotnet Provost.Api.dll
        """);

    /// <summary>A release whose page names a file that is not there.</summary>
    public static async Task<string> WithBrokenPageAsync(Installation installation, string version)
    {
        var release = await CreateAsync(installation, version);
        var page = Path.Combine(Folder(installation, release), "Web", "wwwroot", "index.html");
        File.Delete(page + ".br");
        File.Delete(page + ".gz");
        await File.WriteAllTextAsync(page, (await File.ReadAllTextAsync(page)).Replace("</body>", "<script src=\"js/missing.0123456789.js\"></script></body>", StringComparison.Ordinal));
        return release;
    }

    private static string Folder(Installation installation, string release) => Path.Combine(installation.StateDirectory, "releases", release);

    private static string Renamed(string text) => Fingerprint().Replace(text, match => $".{new string([.. match.Groups["hash"].Value.Reverse()])}.{match.Groups["type"].Value}");

    [GeneratedRegex(@"\.(?<hash>(?=[a-z0-9]*[0-9])[a-z0-9]{10})\.(?<type>wasm|js|dat|css|br|gz)")]
    private static partial Regex Fingerprint();
}
