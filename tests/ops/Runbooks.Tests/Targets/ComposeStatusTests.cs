using System.Text.Json.Nodes;
using Provost.Rendering.Compose;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Tests.Targets;

/// <summary>What the engine says of containers, as it says it, and what follows for the site.</summary>
public sealed class ComposeStatusTests
{
    private const string Rendered = """
        name: north

        services:
          redis:
            image: docker.io/library/redis:7.4.7-bookworm
            deploy:
              resources:
                limits:
                  cpus: "${PROVOST_CPUS:-2}"
                  memory: 896m
                reservations:
                  memory: 224m
            labels:
              provost.replica: redis-1
              provost.service: redis
          secrets:
            image: provost/agent:0.0.1-abc
            deploy:
              resources:
                limits:
                  cpus: 1.5
                  memory: 256m
                reservations:
                  memory: 64m
          web:
            image: provost/frontend:0.0.1-abc
            labels:
              provost.replica: web-1
              provost.service: web

        """;

    [Fact]
    public void A_container_is_ready_when_it_runs_and_its_healthcheck_says_so() =>
        Assert.Equal([true, false, false], new[] { Inspected("running", "healthy"), Inspected("running", "unhealthy"), Inspected("running", "starting") }.Select(c => c.Replica.Ready));

    [Fact]
    public void One_that_ended_says_with_what_code_and_one_that_was_out_of_memory_says_that()
    {
        Assert.Equal("exited with code 3", Inspected("exited", null, code: 3).Replica.Problem);
        Assert.Contains("more memory", Inspected("exited", null, code: 137, isOutOfMemory: true).Replica.Problem, StringComparison.Ordinal);
        Assert.True(Inspected("restarting", "unhealthy").Replica.CrashLoop);
    }

    [Fact]
    public void What_the_file_names_and_no_container_is_there_for_is_not_ready()
    {
        var missing = ExpectedReplicas.Missing(ComposeDocument.Read(Rendered), [Inspected("running", "healthy")]);

        var replica = Assert.Single(missing);
        Assert.Equal(("redis-1", "redis", false, Phase.Stopped), (replica.Id, replica.Service, replica.Ready, replica.Phase));
        Assert.Contains("no container", replica.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_what_there_is_counts() => Assert.Empty(ExpectedReplicas.Missing(null, [Inspected("running", "healthy")]));

    [Fact]
    public void The_container_that_makes_the_secrets_is_called_by_its_service() => Assert.Equal("secrets", SiteContainer.Read(Container("exited", null, 0, false, """{"com.docker.compose.service":"secrets"}""")).Replica.Id);

    [Fact]
    public void What_containers_are_promised_is_compared_with_what_the_engine_has()
    {
        var machine = EngineMachine.Read(JsonNode.Parse("""{"DockerRootDir":"/var/lib/docker","MemTotal":8589934592,"NCPU":2}""")!);
        var needs = ContainerNeeds.Of(ComposeDocument.Read(Rendered), _ => null);

        Assert.Equal(new EngineMachine("/var/lib/docker", 8192, 2), machine);
        Assert.Equal(new ContainerNeeds(288, 1152, 2), needs);
        Assert.True(ComposeDoctor.Memory(machine, needs).Ok);
        Assert.True(ComposeDoctor.Processors(machine, needs).Ok);
        Assert.False(ComposeDoctor.Memory(machine with { MemoryMebibytes = 200 }, needs).Ok);
        Assert.False(ComposeDoctor.Processors(machine with { Processors = 1 }, needs).Ok);
        Assert.Equal(1.5, ContainerNeeds.Of(ComposeDocument.Read(Rendered), name => name == "PROVOST_CPUS" ? "1" : null).Processors);
        Assert.False(ComposeDoctor.Disk("/var/lib/docker", 100).Ok);
    }

    [Theory]
    [InlineData(15, null, true, null)]
    [InlineData(13, null, false, "provost logs agent")]
    [InlineData(-1, "/etc/tls/campus.crt", false, "/etc/tls/campus.crt")]
    public void A_certificate_that_ends_soon_is_a_finding_with_its_remedy(int days, string? brought, bool ok, string? remedy)
    {
        var now = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

        var finding = ComposeDoctor.Certificate(now.AddDays(days), brought, now);

        Assert.Equal(ok, finding.Ok);
        Assert.Equal(remedy is null, finding.Remedy is null);
        Assert.Contains(remedy ?? "", finding.Remedy ?? "", StringComparison.Ordinal);
    }

    private static SiteContainer Inspected(string status, string? health, int code = 0, bool isOutOfMemory = false) =>
        SiteContainer.Read(Container(status, health, code, isOutOfMemory, """{"com.docker.compose.service":"web","provost.replica":"web-1","provost.service":"web"}"""));

    // Of "docker inspect", what is read; no process of this machine has the number.
    private static JsonNode Container(string status, string? health, int code, bool isOutOfMemory, string labels)
    {
        var container = JsonNode.Parse($$"""
            {"Id":"c0ffee","RestartCount":2,"State":{"Status":"{{status}}","Pid":{{(status == "running" ? int.MaxValue : 0)}},"ExitCode":{{code}},"OOMKilled":{{(isOutOfMemory ? "true" : "false")}} },
             "Config":{"Image":"provost/frontend:0.0.1-abc","Env":["A=b"],"Labels":{{labels}}},"NetworkSettings":{"Ports":{"8080/tcp":null} } }
            """)!;
        if (health is not null)
        {
            container["State"]!["Health"] = new JsonObject { ["Status"] = health, ["Log"] = new JsonArray(new JsonObject { ["ExitCode"] = 1, ["Output"] = "no answer\n" }) };
        }
        return container;
    }
}
