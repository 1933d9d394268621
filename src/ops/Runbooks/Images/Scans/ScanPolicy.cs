using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provost.Runbooks.Images.Scans;

/// <summary>A finding that is accepted until a day, for a reason. <c>*</c> in the subject stands for any characters.</summary>
public sealed record PolicyException(string Rule, string Image, string Subject, string Reason, DateOnly Until)
{
    public bool Covers(Finding finding) => finding.Rule == Rule && Matches(Image, finding.Image) && Matches(Subject, finding.Subject);

    private static bool Matches(string pattern, string text) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}

/// <summary>From which severity on a scan fails, how old advisories may be, and what is accepted until when.</summary>
public sealed record ScanPolicy(Severity FailAt, int AdvisoryDays, IReadOnlyList<PolicyException> Exceptions)
{
    private static readonly string[] Keys = ["failAt", "advisoryDays", "exceptions"];
    private static readonly string[] ExceptionKeys = ["rule", "image", "subject", "reason", "until"];

    /// <summary>Applies the exceptions that are in force today; one that has run out is itself a finding, so nobody forgets it.</summary>
    public ScanReport Apply(IReadOnlyList<Finding> findings, IReadOnlyList<Incomplete> incomplete, DateOnly today)
    {
        var inForce = Exceptions.Where(exception => exception.Until >= today).ToList();
        List<(Finding, PolicyException)> excepted = [];
        List<Finding> open = [];
        foreach (var finding in findings.OrderByDescending(one => one.Severity).ThenBy(one => one.Image, StringComparer.Ordinal).ThenBy(one => one.Rule, StringComparer.Ordinal).ThenBy(one => one.Subject, StringComparer.Ordinal))
        {
            if (inForce.FirstOrDefault(exception => exception.Covers(finding)) is { } exception)
            {
                excepted.Add((finding, exception));
            }
            else
            {
                open.Add(finding);
            }
        }
        open.AddRange(Exceptions.Except(inForce).Select(exception => new Finding(
            exception.Image, "exception-expired", Severity.Medium, $"{exception.Rule} {exception.Subject} (until {exception.Until:yyyy-MM-dd})", "fix what was accepted, or renew the exception with a reason")));
        return new(open, incomplete, excepted, FailAt);
    }

    public static ScanPolicy Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new OperationError(ErrorKind.Configuration, $"there is no scan policy at {path}", "take deploy/scan-policy.yaml from the repository, or name another with --policy");
        }
        List<string> problems = [];
        var policy = Read(path, problems);
        return problems.Count == 0 ? policy
            : throw new OperationError(ErrorKind.Configuration, $"{path} is refused", "correct the lines below", problems);
    }

    private static ScanPolicy Read(string path, List<string> problems)
    {
        var yaml = new YamlStream();
        try
        {
            using var reader = new StreamReader(path);
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            problems.Add($"{path}:{e.Start.Line}: {e.Message}");
        }
        var root = yaml.Documents.Count > 0 && yaml.Documents[0].RootNode is YamlMappingNode mapping ? new Mapping(path, mapping, problems) : new Mapping(path, new(), problems);
        root.RefuseOthers(Keys);
        var exceptions = root.Items("exceptions").Select(item => Exception(item)).ToList();
        return new(root.Parse("failAt", text => Enum.TryParse<Severity>(text, ignoreCase: true, out var severity) ? severity : (Severity?)null, "low, medium, high or critical") ?? Severity.Low,
            root.Parse("advisoryDays", text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and <= 90 ? days : (int?)null, "1 to 90") ?? 0,
            exceptions);
    }

    private static PolicyException Exception(Mapping item)
    {
        item.RefuseOthers(ExceptionKeys);
        var until = item.Parse("until", text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null, "a day, YYYY-MM-DD");
        return new(item.Text("rule"), item.Text("image"), item.Text("subject"), item.Text("reason"), until ?? default);
    }

    private sealed class Mapping(string path, YamlMappingNode node, List<string> problems)
    {
        public string Text(string key) => node.Children.TryGetValue(key, out var value) && value is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : Missing(key);

        public T? Parse<T>(string key, Func<string, T?> parse, string grammar) where T : struct
        {
            if (Text(key) is not { Length: > 0 } text)
            {
                return null;
            }
            var value = parse(text);
            if (value is null)
            {
                problems.Add($"{path}:{node.Children[key].Start.Line}: {key} is \"{text}\": write {grammar}");
            }
            return value;
        }

        public IEnumerable<Mapping> Items(string key) => node.Children.TryGetValue(key, out var value) && value is YamlSequenceNode items
            ? items.Children.OfType<YamlMappingNode>().Select(item => new Mapping(path, item, problems)) : [];

        public void RefuseOthers(string[] known) => problems.AddRange(node.Children.Keys.OfType<YamlScalarNode>()
            .Where(key => !known.Contains(key.Value)).Select(key => $"{path}:{key.Start.Line}: {key.Value} is not a key here; known are {string.Join(", ", known)}"));

        private string Missing(string key)
        {
            problems.Add($"{path}:{node.Start.Line}: {key} is missing");
            return "";
        }
    }
}
