namespace Provost.Runbooks.Tests.Backups;

/// <summary>One change of a repository, and how to take it back.</summary>
/// <param name="Files">That are not what they were, relative to the root.</param>
internal sealed record Mutation(string Kind, IReadOnlyList<string> Files, Action Undo)
{
    public const string ManifestReplay = "manifest replay";

    public static readonly string[] Kinds = ["flip", "truncate", "delete", "swap", "edit", "manifest edit", "replay", ManifestReplay];

    public string Where => string.Join(" and ", Files);

    /// <param name="olderCatalog">The catalog as it was before the newest backup.</param>
    /// <returns>Null when the change would leave the file as it is.</returns>
    public static Mutation? Apply(string kind, string root, byte[] olderCatalog, Random random)
    {
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(f => !f.StartsWith(Path.Combine(root, "tmp"), StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        string[] manifests = [.. files.Where(f => f.Contains("/manifests/", StringComparison.Ordinal))];
        var file = kind switch
        {
            "manifest edit" => Pick(manifests, random),
            "replay" => Path.Combine(root, "catalog"),
            ManifestReplay => manifests[^1],
            _ => Pick(files, random),
        };
        var before = File.ReadAllBytes(file);
        switch (kind)
        {
            case "flip" or "manifest edit":
                var flipped = (byte[])before.Clone();
                flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(file, flipped);
                break;
            case "truncate":
                File.WriteAllBytes(file, before[..random.Next(before.Length)]);
                break;
            case "delete":
                File.Delete(file);
                break;
            case "edit":
                // As an editor would: some bytes in the middle become others, and the length changes.
                var at = random.Next(before.Length);
                File.WriteAllBytes(file, [.. before[..at], .. "Float64"u8, .. before[at..]]);
                break;
            case "replay":
                File.WriteAllBytes(file, olderCatalog);
                break;
            case ManifestReplay:
                // Whole, signed and of this repository, but of an older backup.
                File.Copy(manifests[random.Next(manifests.Length - 1)], file, overwrite: true);
                break;
            default:
                return Swap(root, file, Pick(files, random), before);
        }
        return new Mutation(kind, [Path.GetRelativePath(root, file)], () => File.WriteAllBytes(file, before));
    }

    private static Mutation? Swap(string root, string file, string other, byte[] before)
    {
        var content = File.ReadAllBytes(other);
        if (content.AsSpan().SequenceEqual(before))
        {
            return null;
        }
        File.WriteAllBytes(file, content);
        File.WriteAllBytes(other, before);
        return new Mutation("swap", [Path.GetRelativePath(root, file), Path.GetRelativePath(root, other)], () =>
        {
            File.WriteAllBytes(file, before);
            File.WriteAllBytes(other, content);
        });
    }

    private static string Pick(string[] files, Random random) => files[random.Next(files.Length)];
}
