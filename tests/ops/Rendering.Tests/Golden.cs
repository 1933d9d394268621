namespace Provost.Rendering.Tests;

/// <summary>Compares with a committed file; UPDATE_GOLDEN=1 writes it anew, and the diff is reviewed.</summary>
internal static class Golden
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static void Matches(string actual, string path)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }
        Assert.True(File.Exists(file), $"{path} is missing: run the tests with UPDATE_GOLDEN=1");
        Assert.Equal(File.ReadAllText(file), actual);
    }

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Provost.slnx")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no checkout above the tests"));
}
