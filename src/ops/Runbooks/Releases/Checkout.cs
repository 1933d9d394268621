namespace Provost.Runbooks.Releases;

/// <summary>The source tree that releases are built from.</summary>
public sealed record Checkout(string Root)
{
    public string Filter => Path.Combine(Root, "src", "platform", "services.slnf");

    public string Published => Path.Combine(Root, "artifacts", "publish");

    public string Stamp => Path.Combine(Published, "build.stamp");

    public string LibraryFolder => Path.Combine(Root, "artifacts", "chdb");

    public string Sources => Path.Combine(Root, "src", "platform");

    /// <summary>The checkout above a folder; null when the tool was installed without sources.</summary>
    public static Checkout? Above(string folder)
    {
        for (var directory = new DirectoryInfo(folder); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Provost.slnx")))
            {
                return new Checkout(directory.FullName);
            }
        }
        return null;
    }
}
