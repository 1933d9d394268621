using System.Text.RegularExpressions;

namespace Provost.Runbooks.Images;

/// <summary>
/// The names of a build: <c>X.Y.Z</c> and <c>X.Y.Z-revision</c> never move once pushed, <c>X.Y</c> follows the newest of its line.
/// A pre-release has no moving name, and nothing is ever called latest.
/// </summary>
public sealed partial record ImageTags(string Version, string Revision)
{
    public IReadOnlyList<string> Immutable => [Version, $"{Version}-{Revision}"];

    public string? Moving => Version.Contains('-', StringComparison.Ordinal) ? null : Version[..Version.LastIndexOf('.')];

    public IReadOnlyList<string> All => Moving is null ? Immutable : [.. Immutable, Moving];

    public static bool IsMoving(string tag) => tag == "latest" || MovingShape().IsMatch(tag);

    public static ImageTags Parse(string version, string revision)
    {
        if (!VersionShape().IsMatch(version))
        {
            throw new OperationError(ErrorKind.Configuration, $"\"{version}\" is no version that an image can be tagged with", "give MAJOR.MINOR.PATCH, optionally with -prerelease (letters, digits, dots and dashes)");
        }
        if (!RevisionShape().IsMatch(revision))
        {
            throw new OperationError(ErrorKind.Configuration, $"\"{revision}\" is no revision that an image can be tagged with", "give the commit: letters, digits, dots and dashes, at most 40");
        }
        return new(version, revision);
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]{1,60})?\z")]
    private static partial Regex VersionShape();

    [GeneratedRegex(@"^[0-9A-Za-z][0-9A-Za-z.-]{0,39}\z")]
    private static partial Regex RevisionShape();

    [GeneratedRegex(@"^\d+(\.\d+)?\z")]
    private static partial Regex MovingShape();
}
