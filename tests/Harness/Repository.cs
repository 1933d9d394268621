namespace Provost.Harness;

/// <summary>The checkout that this was built from, and what the build left in it.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static bool Soak { get; } = Environment.GetEnvironmentVariable("PROVOST_SOAK") == "1";

    public static string Published(string project) => Path.Combine(Root, "artifacts/publish", project, "release");

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Provost.slnx")))
                return folder.FullName;
        throw new InvalidOperationException($"No Provost.slnx above {from}: run this from a checkout");
    }
}
