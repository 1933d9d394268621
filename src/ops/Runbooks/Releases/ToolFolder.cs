using System.Security.Cryptography;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Releases;

/// <summary>
/// A copy of this tool for the agent to run from: a build that replaces the tool's files must not pull them from under it.
/// </summary>
public static class ToolFolder
{
    private const int Kept = 3;

    /// <summary>Where the agent of this very tool runs from.</summary>
    public static string Program(StateDirectory state, string tool) => Path.Combine(Folder(state, tool), Path.GetFileName(tool));

    internal static void Install(StateDirectory state, string tool)
    {
        var (folder, half) = (Folder(state, tool), Folder(state, tool) + ".new");
        if (Directory.Exists(folder))
        {
            return;
        }
        if (Directory.Exists(half))
        {
            Directory.Delete(half, recursive: true);
        }
        Directory.CreateDirectory(half);
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(tool)!))
        {
            File.Copy(file, Path.Combine(half, Path.GetFileName(file)));
        }
        Directory.Move(half, folder);
        foreach (var old in Directory.EnumerateDirectories(state.Tools).OrderByDescending(Directory.GetCreationTimeUtc).Skip(Kept).Where(f => f != folder))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    private static string Folder(StateDirectory state, string tool)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(tool)!, "*.dll").Order(StringComparer.Ordinal))
        {
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        return Path.Combine(state.Tools, Convert.ToHexStringLower(hash.GetHashAndReset())[..12]);
    }
}
