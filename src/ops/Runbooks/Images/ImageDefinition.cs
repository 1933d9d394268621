namespace Provost.Runbooks.Images;

/// <summary>An image that the platform is made of.</summary>
/// <param name="Name">Its repository under the prefix, e.g. <c>backend</c> in <c>provost/backend</c>.</param>
/// <param name="Base">The build argument that names the image below it; null when it stands on nothing.</param>
/// <param name="Bundle">Whether it copies the WebAssembly bundle, which then is built first.</param>
public sealed record ImageDefinition(string Name, string? Base = "RUNTIME_IMAGE", bool Bundle = false)
{
    /// <summary>In build order.</summary>
    public static IReadOnlyList<ImageDefinition> All { get; } =
    [
        new("backend"),
        new("wasm-builder", Base: null),
        new("frontend", Bundle: true),
        new("gateway"),
        new("stores"),
        new("agent"),
        new("backup", Bundle: true),
    ];

    public string Dockerfile => $"deploy/docker/{Name}.Dockerfile";

    /// <summary>The images of these names, in build order, with what they need; all when none is named.</summary>
    public static IReadOnlyList<ImageDefinition> Named(IReadOnlyCollection<string> names)
    {
        var unknown = names.Where(name => All.All(image => image.Name != name)).ToList();
        if (unknown.Count > 0)
        {
            throw new OperationError(ErrorKind.Configuration, $"there is no image called {string.Join(" or ", unknown)}", $"the images are {string.Join(", ", All.Select(image => image.Name))}");
        }
        var wanted = names.Count == 0 ? All : [.. All.Where(image => names.Contains(image.Name))];
        return [.. All.Where(image => wanted.Contains(image) || (image.Name == "wasm-builder" && wanted.Any(one => one.Bundle)))];
    }
}
