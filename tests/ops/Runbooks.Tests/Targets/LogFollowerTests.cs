using System.Text.Json.Nodes;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Tests.Images;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Targets;

public sealed class LogFollowerTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-follow-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Goes_on_with_a_container_that_starts_again_and_with_one_that_takes_its_place_and_repeats_no_line()
    {
        // The engine's following ends with the container; when asked again, it begins at the line of that moment.
        using var docker = new FakeProgram("docker", $"""
            case "$*" in
              *new) echo '2026-06-01T00:00:03.000000001Z from the new one'; exec sleep 60 ;;
              *) if [ -e '{folder.FullName}/again' ]; then
                   echo '2026-06-01T00:00:01.000000001Z before'; echo '2026-06-01T00:00:02.000000001Z after'; touch '{folder.FullName}/deployed'; exec sleep 60
                 fi
                 touch '{folder.FullName}/again'; echo '2026-06-01T00:00:01.000000001Z before' ;;
            esac
            """);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var follower = new LogFollower(new DockerEngine(docker.Path), _ => Task.FromResult(Containers()), c => c.Replica.Service == "api", TimeProvider.System);
        List<string> seen = [];

        await foreach (var line in follower.RunAsync(DateTimeOffset.UnixEpoch, enough.Token))
        {
            seen.Add($"{line.Replica}: {line.Text}");
            if (seen.Count == 3)
            {
                await enough.CancelAsync();
            }
        }

        Assert.Equal(["api-1: before", "api-1: after", "api-3: from the new one"], seen);
    }

    private IReadOnlyList<SiteContainer> Containers() => File.Exists(Path.Combine(folder.FullName, "deployed"))
        ? [Container("old", "api"), Container("other", "web"), Container("new", "api", "api-3")] : [Container("old", "api"), Container("other", "web")];

    private static SiteContainer Container(string id, string service, string? replica = null) => SiteContainer.Read(JsonNode.Parse($$$"""
        {"Id":"{{{id}}}","RestartCount":0,"State":{"Status":"running","Pid":{{{int.MaxValue}}} },
         "Config":{"Image":"i","Labels":{"com.docker.compose.service":"{{{service}}}","provost.service":"{{{service}}}","provost.replica":"{{{replica ?? service + "-1"}}}"} } }
        """)!);
}
