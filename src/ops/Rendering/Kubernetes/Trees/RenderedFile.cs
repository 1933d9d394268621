namespace Provost.Rendering.Kubernetes.Trees;

/// <param name="Path">Relative to the folder that the tree is written to, with forward slashes.</param>
public sealed record RenderedFile(string Path, string Content);
