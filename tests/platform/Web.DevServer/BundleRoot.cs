namespace Provost.Web.DevServer;

/// <summary>Where the web bundle is: PROVOST_WEB_ROOT, else the published bundle when it is the newer one, else what was built.</summary>
internal static class BundleRoot
{
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("PROVOST_WEB_ROOT") is { Length: > 0 } named) return named;
        var artifacts = Artifacts();
        var built = Path.Combine(artifacts, "bin", "Web", "release", "Provost.Web.staticwebassets.runtime.json");
        var published = Path.Combine(artifacts, "publish", "Web", "release", "wwwroot");
        if (IsNewer(Path.Combine(published, "index.html"), built)) return published;
        if (File.Exists(built)) return built;
        throw new FileNotFoundException("No web bundle: run `dotnet build src/platform/Web -c Release` first", built);
    }

    private static bool IsNewer(string file, string other) =>
        File.Exists(file) && (!File.Exists(other) || File.GetLastWriteTimeUtc(file) >= File.GetLastWriteTimeUtc(other));

    private static string Artifacts()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (directory.Name == "artifacts") return directory.FullName;
        }

        throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not below an artifacts directory");
    }
}
