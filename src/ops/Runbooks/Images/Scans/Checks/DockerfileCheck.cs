using System.Text.RegularExpressions;
using Provost.Runbooks.Images.Building;

namespace Provost.Runbooks.Images.Scans.Checks;

/// <summary>Every image that a Dockerfile starts from names one version, the stages that only build included.</summary>
internal static partial class DockerfileCheck
{
    public static CheckResult Run(string image, string dockerfile)
    {
        var bases = ImageBuild.Bases(dockerfile);
        var text = File.ReadAllText(dockerfile);
        var stages = Stage().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var direct = From().Matches(text).Select(match => match.Groups[1].Value).Where(name => name != "scratch" && !name.StartsWith('$') && !stages.Contains(name));
        return CheckResult.Of(bases.Where(pair => pair.Key != "BUNDLE_IMAGE").Select(pair => pair.Value).Concat(direct)
            .Where(name => !ImageReference.Parse(name).NamesOneVersion)
            .Select(name => new Finding(image, "unpinned-base", Severity.High, $"{name} in {Path.GetFileName(dockerfile)}", "name one version (MAJOR.MINOR.PATCH) or a digest")));
    }

    [GeneratedRegex(@"^FROM\s+(\S+)", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"^FROM\s+\S+\s+AS\s+(\S+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Stage();
}
