#!/usr/bin/env dotnet
#:property PublishAot=false
#:property NoWarn=$(NoWarn);IDE0005;CS1591
// The whole build on one page. Run it as ./build.cs VERB (or: dotnet build.cs VERB).
using System.Diagnostics;
using System.Xml.Linq;

var ci = Environment.GetEnvironmentVariable("CI") == "true";
Directory.SetCurrentDirectory((string)AppContext.GetData("EntryPointFileDirectoryPath")!);

return args switch
{
    ["format"] => Run("dotnet", "format whitespace Provost.slnx"),
    ["format", "--check"] => Run("dotnet", "format whitespace Provost.slnx --verify-no-changes"),
    ["build"] => Build(),
    ["test", "images"] => FirstFailure(Tools, Build, () => Test(TestProjects().Where(path => path.Contains("/Containers/")), [])),
    ["test", .. var filter] => FirstFailure(Tools, Build, () => Test(TestProjects(), filter)),
    ["bench", .. var names] => FirstFailure(Tools, Build, () => Bench(names, full: true)),
    ["soak"] => FirstFailure(Tools, Build, Soak),
    ["pack"] => FirstFailure(Tools, Pack),
    _ => Usage(),
};

// The embedded ClickHouse comes from npm; fetched once for each version.
int Tools() => Compile("build src/platform/Stores -c Release -t:FetchEngine");

int Build() => Compile("build Provost.slnx -c Release");

// Every test that this machine can run. Under CI=true a skipped test is a failure, unless its reason starts with
// "extra:": it uses data that are not part of the repository.
int Test(IEnumerable<string> projects, string[] filter)
{
    const string results = "artifacts/test-results";
    if (Directory.Exists(results)) Directory.Delete(results, recursive: true);
    var worst = 0;
    foreach (var project in projects)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Console.Error.WriteLine($"== {name}");
        var report = $"--results-directory {Path.GetFullPath(results)} --report-xunit-trx --report-xunit-trx-filename {name}.trx";
        var exit = Run("dotnet", $"run --no-build -c Release --project {project} -- {report} {string.Join(' ', filter)}");
        if (exit != 0) worst = exit;
    }
    return Math.Max(worst, Summarise(results));
}

// Stories come last: they start the whole platform, which the other tests should have shown to be sound. The stories of the
// images end the row: they build all of them, and say what they lack where there is no root or no container engine.
IEnumerable<string> TestProjects() => Directory.EnumerateFiles("tests", "*.csproj", SearchOption.AllDirectories)
    .Where(path => Path.GetFileName(path) is var file && (file.EndsWith(".Tests.csproj", StringComparison.Ordinal) || file == "Stories.csproj"))
    .OrderBy(path => path.Contains("/Stories/") ? 1 : path.Contains("/Containers/") ? 2 : 0).ThenBy(path => path, StringComparer.Ordinal);

int Summarise(string results)
{
    var tests = (Directory.Exists(results) ? Directory.EnumerateFiles(results, "*.trx") : [])
        .SelectMany(file => XDocument.Load(file).Descendants()).Where(element => element.Name.LocalName == "UnitTestResult").ToList();
    int Count(string outcome) => tests.Count(test => (string?)test.Attribute("outcome") == outcome);
    var skipped = tests.Where(test => (string?)test.Attribute("outcome") == "NotExecuted").ToList();
    var refused = skipped.Where(test => ci && !test.Value.Contains("extra:", StringComparison.Ordinal)).ToList();
    foreach (var test in refused)
        Console.WriteLine($"skipped, but CI is meant to run it: {(string?)test.Attribute("testName")}: {test.Value.Trim()}");
    // Said again at the end, where whoever reads the last page of a long log finds it.
    foreach (var test in tests.Where(test => (string?)test.Attribute("outcome") == "Failed"))
        Console.WriteLine($"failed: {(string?)test.Attribute("testName")}: {test.Descendants().FirstOrDefault(element => element.Name.LocalName == "Message")?.Value.Trim()}");
    var passed = Count("Passed");
    var failed = tests.Count - passed - skipped.Count + refused.Count;
    var rest = skipped.Count - refused.Count;
    if (rest > 0) Console.WriteLine($"{rest} skipped: they use data or programs that are extra");
    Console.WriteLine($"{passed} passed, {failed} failed");
    return failed > 0 || passed == 0 ? 1 : 0;
}

// Each bench prints its figures beside their baselines; a bench that cannot compare fails.
int Bench(string[] names, bool full)
{
    var benches = Directory.EnumerateFiles("bench", "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Where(path => names.Length == 0 || names.Any(name => path.Contains(name, StringComparison.OrdinalIgnoreCase)));
    var worst = 0;
    foreach (var project in benches)
        worst = Math.Max(worst, Run("dotnet", $"run --no-build -c Release --project {project} -- {(full ? "" : "--short")}"));
    return worst;
}

// The full numbers that the promises name, from the same code as the tests.
int Soak()
{
    Environment.SetEnvironmentVariable("PROVOST_SOAK", "1");
    return FirstFailure(() => Test(TestProjects(), []), () => Bench([], full: true));
}

int Pack() => Compile("publish Provost.slnx -c Release");

static int FirstFailure(params Func<int>[] steps) => steps.Select(step => step()).FirstOrDefault(exit => exit != 0);

// A compiler that ends after a minute or two gains nothing from compiling itself again: that was a third of a build's time.
static int Compile(string arguments) => Run("dotnet", $"{arguments} -v quiet --nologo", ("DOTNET_TieredPGO", "0"), ("DOTNET_TC_CallCountThreshold", "1000"));

static int Run(string program, string arguments, params (string Key, string Value)[] environment)
{
    Console.Error.WriteLine($"$ {program} {arguments}");
    var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
    foreach (var (key, value) in environment) start.Environment[key] = value;
    using var process = Process.Start(start)!;
    process.WaitForExit();
    return process.ExitCode;
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage: ./build.cs VERB
          format [--check]   format every source file, or only say what is not formatted
          build              build everything (Release)
          test [FILTER]      build and run every test that this machine can run; FILTER goes to the test runner
          test images        only the stories of the images: with root and the packages that tests/Containers/install.sh installs
          bench [NAME...]    print the figures, each beside its baseline
          soak               tests and benches with the full numbers
          pack               publish what a release is made of to artifacts/publish
        """);
    return 2;
}
