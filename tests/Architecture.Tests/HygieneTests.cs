using System.Text.RegularExpressions;

namespace Provost.Architecture.Tests;

public sealed partial class HygieneTests
{
    private static readonly string[] TextFiles = [".cs", ".razor", ".md", ".yaml", ".yml", ".json", ".props", ".targets", ".csproj", ".sh", ".css", ".js", ".html"];

    [Fact]
    public void No_file_names_a_machines_path_or_a_package_host() => Assert.Empty(
        from path in Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
        where TextFiles.Contains(Path.GetExtension(path)) && !Generated().IsMatch(Repository.Relative(path))
        where Repository.Relative(path) != Repository.Relative(ThisFile())
        from line in File.ReadLines(path).Select((text, index) => (text, number: index + 1))
        where Forbidden().IsMatch(line.text)
        select $"{Repository.Relative(path)}:{line.number}: {line.text.Trim()}");

    [Fact]
    public void No_type_is_called_common_shared_core_or_utils() => Assert.Empty(
        from path in Repository.Sources("src")
        where VagueName().IsMatch(Repository.Relative(path))
        select Repository.Relative(path));

    private static string ThisFile() => Path.Combine(Repository.Root, "tests/Architecture.Tests/HygieneTests.cs");

    [GeneratedRegex(@"(^|/)(artifacts|node_modules|obj|bin|\.git|\.provost|TestResults)(/|$)")]
    private static partial Regex Generated();

    [GeneratedRegex(@"/work/(main|shared|\.library)|/tmp/wt/|/home/[a-z]+/|api\.nuget\.org|registry\.npmjs\.org|deb\.debian\.org")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"(^|/)(Common|Shared|Core|Utils?|Helpers?|Managers?)(/|\.cs$)|(Helper|Manager|Util|Utils|Impl)\.cs$")]
    private static partial Regex VagueName();
}
