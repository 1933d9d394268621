using Provost.Contracts;

namespace Provost.Api.Tests.Accounts;

/// <summary>
/// Pages, operators' tools and backup containers of the last releases call what routes.txt has: it is there while they run.
/// With each release, RECORD_WIRE=1 adds what is new; it takes nothing away.
/// </summary>
public sealed class NeighbouringRoutesTests
{
    [Fact]
    public void Whatever_the_last_releases_call_is_there()
    {
        var recorded = Read();
        var gone = recorded.Except(Routes).ToList();

        Assert.True(recorded.Length > 30);
        Assert.True(gone.Count == 0, "Removed or under another verb, while the last releases still call it: " + string.Join(", ", gone));
    }

    // Hosting's own are asked by nobody of another release.
    private static string[] Routes => [.. EndpointMatrix.Lines.Select(line => line.Route).Where(route => route.Contains(" /api/", StringComparison.Ordinal) || route.Contains($" {LiveNames.Path}", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string[] Read()
    {
        var file = Path.Combine(Root(AppContext.BaseDirectory), "tests/Contract.Tests/Wire/routes.txt");
        if (Environment.GetEnvironmentVariable("RECORD_WIRE") == "1")
        {
            File.WriteAllLines(file, [.. Routes, .. File.ReadAllLines(file).Except(Routes)]);
        }
        return File.ReadAllLines(file);
    }

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "Provost.slnx")) ? folder : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no checkout above the tests"));
}
