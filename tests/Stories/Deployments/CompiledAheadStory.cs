using System.Reflection.PortableExecutable;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>
/// A replica that has just started answers at full speed because its code was compiled ahead. Some libraries are left out of that
/// (Service.props): whatever a service has loaded once it was used must not be one of them.
/// </summary>
public sealed class CompiledAheadStory
{
    // Not redis: without the machine's own it is the embedded one, which is compiled as it runs.
    private static readonly string[] Services = ["api", "web", "gateway", "clickhouse"];

    [Fact]
    public async Task Whatever_a_service_has_loaded_was_compiled_ahead()
    {
        await using var installation = await Installation.StartAsync();
        using var professor = await installation.SignInAsync("ada", "professor", "MATH 101");
        var file = Path.Combine(installation.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(30, 8), TestContext.Current.CancellationToken);
        var import = await installation.JsonAsync("import", file, "--course", "MATH 101");
        await professor.GetAsync<CourseOverview>($"api/courses/{import.GetProperty("course").GetString()}/overview");

        var loaded = (await installation.ReplicasAsync()).Where(replica => Services.Contains(replica.Service)).SelectMany(Libraries).Distinct().ToArray();

        Assert.True(loaded.Length > Services.Length, "none of the services' own libraries was found in memory");
        Assert.Empty(loaded.Where(library => !IsCompiledAhead(library)).Select(Path.GetFileName));
    }

    // Of the service itself: the framework lies elsewhere, and is compiled ahead by those who make it.
    private static IEnumerable<string> Libraries(Replica replica) =>
        from line in File.ReadLines($"/proc/{replica.Pid}/maps")
        let start = line.IndexOf('/', StringComparison.Ordinal)
        where start > 0 && line.EndsWith(".dll", StringComparison.Ordinal) && !line.Contains("/shared/", StringComparison.Ordinal)
        select line[start..];

    private static bool IsCompiledAhead(string library)
    {
        using var reader = new PEReader(File.OpenRead(library));
        return reader.PEHeaders.CorHeader is { ManagedNativeHeaderDirectory.Size: > 0 };
    }
}
