using System.Runtime.CompilerServices;
using System.Text;

namespace Provost.Gradebooks.Tests;

/// <summary>Fixtures beside the tests, and the shared samples where a machine has them.</summary>
internal static class TestFiles
{
    public static string Folder { get; } = Path.GetDirectoryName(Here())!;

    public static string Fixtures { get; } = Path.Combine(Folder, "Fixtures");

    private static string Here([CallerFilePath] string path = "") => path.StartsWith("/_/", StringComparison.Ordinal) ? Unmapped(path) : path;

    // Deterministic builds write /_/ for the repository's root: find it again from where the tests run.
    private static string Unmapped(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Provost.slnx")))
                return Path.Combine(folder.FullName, path[3..]);
        throw new InvalidOperationException("Run the tests inside the repository");
    }

    /// <summary>A folder beside the repository that some machines have: ../shared/data/NAME.</summary>
    public static string? Shared(string name)
    {
        for (var folder = new DirectoryInfo(Folder); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared", "data", name) is var path && Directory.Exists(path))
                return path;
        return Environment.GetEnvironmentVariable("PROVOST_SHARED_DATA") is { } root && Directory.Exists(Path.Combine(root, name)) ? Path.Combine(root, name) : null;
    }

    public static async Task<IReadOnlyList<Gradebook>> ReadAsync(string path, ReadLimits? limits = null)
    {
        await using var stream = File.OpenRead(path);
        return await GradebookReader.ReadAsync(stream, Path.GetFileName(path), limits, null, TestContext.Current.CancellationToken);
    }

    public static async Task<Gradebook> ReadTextAsync(string text, string name = "grades.csv", Encoding? encoding = null)
    {
        var bytes = (encoding ?? new UTF8Encoding(false)).GetBytes(text);
        using var stream = new MemoryStream(bytes);
        return Assert.Single(await GradebookReader.ReadAsync(stream, name, null, null, TestContext.Current.CancellationToken));
    }

    public static async Task<GradebookError> RefusesAsync(byte[] bytes, string name = "grades.csv", ReadLimits? limits = null)
    {
        using var stream = new MemoryStream(bytes);
        return await Assert.ThrowsAsync<GradebookError>(() => GradebookReader.ReadAsync(stream, name, limits, null, TestContext.Current.CancellationToken));
    }
}
