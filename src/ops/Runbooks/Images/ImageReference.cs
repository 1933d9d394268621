using System.Text.RegularExpressions;

namespace Provost.Runbooks.Images;

/// <summary>The name of an image: <c>registry/repository:tag@digest</c>.</summary>
/// <param name="Registry">Null is the engine's default registry.</param>
public sealed partial record ImageReference(string? Registry, string Repository, string? Tag, string? Digest)
{
    public static ImageReference Parse(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success)
        {
            throw new OperationError(ErrorKind.Configuration, $"\"{text}\" is no image name", "write registry.example:5000/provost/backend:1.2.3, or end it in @sha256:DIGEST");
        }
        string? Part(string name) => match.Groups[name] is { Success: true, Value: var value } ? value : null;
        return new(Part("registry"), match.Groups["repository"].Value, Part("tag"), Part("digest"));
    }

    public static bool IsName(string text) => Shape().IsMatch(text);

    /// <summary>Whether this name means the same bytes tomorrow: by digest, or at least by a tag that names one exact version.</summary>
    public bool NamesOneVersion => Digest is not null || (Tag is not null && ExactVersion().IsMatch(Tag));

    /// <summary>An engine looks an image up by tag or by digest, not by both.</summary>
    public string ForEngine() => (Digest is null ? this : this with { Tag = null }).ToString();

    public override string ToString() =>
        (Registry is null ? "" : Registry + "/") + Repository + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    [GeneratedRegex(@"^((?<registry>(localhost|[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9.-]+(?=:\d))(:\d+)?)/)?(?<repository>[a-z0-9]+([._/-]+[a-z0-9]+)*)(:(?<tag>\w[\w.-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?\z")]
    private static partial Regex Shape();

    [GeneratedRegex(@"^v?\d+\.\d+\.\d+")]
    private static partial Regex ExactVersion();
}
