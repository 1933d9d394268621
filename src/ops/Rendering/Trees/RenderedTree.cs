namespace Provost.Rendering.Trees;

/// <summary>A file of a rendered tree.</summary>
/// <param name="Path">Below the tree's folder, with slashes.</param>
/// <param name="IsYours">Written once and then left to its owner; everything else is written anew each time.</param>
public sealed record RenderedFile(string Path, string Text, bool IsYours = false);

/// <summary>Everything that a rendering gives, in the order of paths.</summary>
public sealed record RenderedTree(IReadOnlyList<RenderedFile> Files)
{
    public string Text(string path) => Files.Single(f => f.Path == path).Text;
}
