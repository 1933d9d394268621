using System.Text.Json;
using Provost.Contracts;

namespace Provost.Contract.Tests.Wire;

/// <summary>
/// During a deployment, and as long as a page stays open, two neighbouring releases talk with each other. wire.txt is what the last
/// releases have on the wire. With each release, RECORD_WIRE=1 adds what is new; it takes nothing away. What is to go is first left
/// unused for a release, then its line is removed by hand. The routes are compared where they are known: in the tests of the api.
/// </summary>
public sealed class NeighbouringReleasesTests
{
    private static readonly string[] Recorded = Read();

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public void An_old_page_finds_everything_in_the_answers_of_a_new_server()
    {
        Assert.True(Recorded.Length > 100);
        var gone = Recorded.Except(WireShape.Lines).ToList();

        Assert.True(gone.Count == 0, "Removed, renamed or of another type, while pages of the last release still read it: " + string.Join(", ", gone));
    }

    [Fact]
    public void A_new_page_does_without_what_an_old_server_does_not_send()
    {
        var known = Recorded.Select(line => line.Split('.')[0]).ToHashSet();
        var needed = WireShape.Lines.Except(Recorded).Where(line => known.Contains(line.Split('.')[0]) && !line.Contains(" =", StringComparison.Ordinal) && !WireShape.IsOptional(line)).ToList();

        Assert.True(needed.Count == 0, "New and not optional, while servers of the last release do not send it: " + string.Join(", ", needed));
    }

    [Fact]
    public void A_page_passes_over_what_it_does_not_know()
    {
        var course = JsonSerializer.Deserialize<CourseChange>("""{"course":"a","sequence":3,"version":4,"kind":"import","text":"t","ofALaterRelease":{"deep":[1]}}""", Web);

        Assert.Equal(new CourseChange("a", 3, 4, "import", "t"), course);
    }

    private static string[] Read()
    {
        var file = Path.Combine(Root(AppContext.BaseDirectory), "tests/Contract.Tests/Wire/wire.txt");
        if (Environment.GetEnvironmentVariable("RECORD_WIRE") == "1")
        {
            File.WriteAllLines(file, [.. WireShape.Lines, .. File.ReadAllLines(file).Except(WireShape.Lines)]);
        }
        return File.ReadAllLines(file);
    }

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "Provost.slnx")) ? folder : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no checkout above the tests"));
}
