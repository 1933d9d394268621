using System.Text.RegularExpressions;
using Provost.Runbooks.Images.Building;

namespace Provost.Runbooks.Images.Scans.Checks;

/// <summary>Every image that a Dockerfile starts from or copies from names one version, the stages that only build included.</summary>
internal static partial class DockerfileCheck
{
    public static CheckResult Run(string image, string dockerfile)
    {
        var text = Continued().Replace(File.ReadAllText(dockerfile), " ");
        var values = Arguments().Matches(text).DistinctBy(match => match.Groups["name"].Value).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value.Trim('"', '\''), StringComparer.Ordinal);
        var stages = Froms().Matches(text).Select(match => match.Groups["stage"].Value).Where(name => name.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = Froms().Matches(text).Concat(Copies().Matches(text)).Select(match => Resolved(match.Groups["image"].Value, values))
            .Where(name => name != "scratch" && !stages.Contains(name) && !name.All(char.IsAsciiDigit));
        return CheckResult.Of(named.Concat(ImageBuild.Bases(dockerfile).Values).Distinct(StringComparer.Ordinal).Where(name => !NamesOneVersion(name))
            .Select(name => new Finding(image, "unpinned-base", Severity.High, $"{name} in {Path.GetFileName(dockerfile)}", "name one version (MAJOR.MINOR.PATCH) or a digest")));
    }

    // What has no value before the build is given one by whoever builds: that may be anything.
    private static bool NamesOneVersion(string name) => !name.Contains('$', StringComparison.Ordinal) && ImageReference.IsName(name) && ImageReference.Parse(name).NamesOneVersion;

    private static string Resolved(string name, Dictionary<string, string> values) => Variables().Replace(name.Trim('"', '\''), match =>
        values.GetValueOrDefault(match.Groups["name"].Value) ?? (match.Groups["default"] is { Success: true, Value: var value } ? value : match.Value));

    [GeneratedRegex(@"\\[ \t]*\r?\n")]
    private static partial Regex Continued();

    [GeneratedRegex(@"^[ \t]*ARG[ \t]+(?<name>\w+)=(?<value>\S+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Arguments();

    [GeneratedRegex(@"^[ \t]*FROM[ \t]+(--\S+[ \t]+)*(?<image>\S+)([ \t]+AS[ \t]+(?<stage>\S+))?", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Froms();

    [GeneratedRegex(@"(?<=^[ \t]*((COPY|ADD)[ \t]+(--\S+[ \t]+)*--from=|RUN[ \t]+(--\S+[ \t]+)*--mount=\S*\bfrom=))(?<image>[^\s,]+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Copies();

    [GeneratedRegex(@"\$(\{(?<name>\w+)(:?-(?<default>[^}]*))?\}|(?<name>\w+))")]
    private static partial Regex Variables();
}
