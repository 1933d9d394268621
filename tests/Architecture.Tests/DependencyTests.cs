using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Provost.Architecture.Tests;

/// <summary>Rules 1 and 2 of ARCHITECTURE.md, read from the compiled assemblies.</summary>
public sealed class DependencyTests
{
    private static readonly System.Reflection.Assembly[] Ours = Repository.Projects("src")
        .Select(path => Path.GetFileNameWithoutExtension(path)!)
        .Where(name => name != "Web")
        .Select(name => System.Reflection.Assembly.Load(name == "Cli" ? "provost" : $"Provost.{name}"))
        .ToArray();

    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader()
        .LoadAssemblies([.. Ours, typeof(File).Assembly, typeof(Console).Assembly, typeof(System.Diagnostics.Process).Assembly])
        .Build();

    private const string Pure = @"^Provost\.(Analytics|Topology|Rendering)(\..+)?$";

    [Theory]
    [InlineData(@"^System\.IO\.(File|Directory|FileInfo|DirectoryInfo|FileStream|FileSystemInfo)$", "files")]
    [InlineData(@"^System\.Diagnostics\.Process$", "processes")]
    [InlineData(@"^System\.Net\..+$", "the network")]
    [InlineData(@"^System\.Console$", "the console")]
    [InlineData(@"^System\.(Random|TimeProvider|Security\.Cryptography\.RandomNumberGenerator)$", "randomness or a clock")]
    [InlineData(@"^System\.Environment$", "the environment")]
    public void Analytics_topology_and_rendering_are_pure_of(string types, string what) =>
        Holds(Types().That().ResideInNamespaceMatching(Pure).Should().NotDependOnAnyTypesThat().HaveFullNameMatching(types), what);

    [Fact]
    public void Only_tools_and_the_agent_start_programs() =>
        Holds(
            Types().That().ResideInNamespaceMatching(@"^Provost\.(?!Runbooks\.Tools|Agent).+$")
                .Should().NotDependOnAnyTypesThat().HaveFullNameMatching(@"^System\.Diagnostics\.ProcessStartInfo$"),
            "starting programs");

    [Fact]
    public void Only_the_cli_writes_to_the_console_among_the_operators_tools() =>
        Holds(
            Types().That().ResideInNamespaceMatching(@"^Provost\.(Topology|Rendering|Runbooks|Agent)(\..+)?$")
                .Should().NotDependOnAnyTypesThat().HaveFullNameMatching(@"^System\.Console$"),
            "the console");

    [Fact]
    public void Only_facts_knows_ClickHouse() =>
        Holds(
            Types().That().ResideInNamespaceMatching(@"^Provost\.Api(?!\.Facts)(\..+)?$")
                .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^ClickHouse\..+$"),
            "ClickHouse");

    [Fact]
    public void Only_state_knows_Redis() =>
        Holds(
            Types().That().ResideInNamespaceMatching(@"^Provost\.Api(?!\.State)(\..+)?$")
                .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^StackExchange\.Redis(\..+)?$"),
            "Redis");

    private static void Holds(IArchRule rule, string what)
    {
        var violations = rule.Evaluate(Code).Where(result => !result.Passed)
            .Select(result => $"{what}: {result.Description}");

        Assert.Empty(violations);
    }
}
