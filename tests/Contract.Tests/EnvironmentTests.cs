using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Contract.Tests;

/// <summary>
/// Each service is asked to check the settings that Topology gives it: it refuses a key that it does not know, and one that
/// it misses. So the model and the services cannot drift.
/// </summary>
public sealed class EnvironmentTests : IDisposable
{
    private const int Refused = 78;
    private readonly StateDirectory state = new(Directory.CreateTempSubdirectory("provost-contract-").FullName);

    public EnvironmentTests()
    {
        state.Create();
        SecretFiles.Ensure(state);
    }

    public static TheoryData<string, bool> Replicas { get; } = new(
        from domain in new[] { false, true }
        from replica in Topology.Environments.Replicas.Of(new Site())
        where replica.Number == 1
        select (replica.Id, domain));

    public void Dispose() => Directory.Delete(state.Root, recursive: true);

    [Theory]
    [MemberData(nameof(Replicas))]
    public async Task A_service_understands_every_setting_that_it_is_given(string replica, bool domain)
    {
        var spec = Spec(replica, domain);

        var (exitCode, lines) = await CheckAsync(spec, spec.Environment);

        Assert.True(exitCode == 0, string.Join('\n', lines));
    }

    [Theory]
    [MemberData(nameof(Replicas))]
    public async Task A_service_understands_every_setting_that_it_is_given_in_a_container(string replica, bool domain)
    {
        var spec = Spec(replica, domain);
        var site = domain ? WithDomain : new Site();
        var containers = new ContainerPlacement("1.0.0+abc", Topology.Environments.Replicas.Of(site).ToDictionary(r => r.Id, r => r.Id)) { EmbeddedRedis = true, EmbeddedClickHouse = true, RunsBeside = true };
        var environment = ServiceEnvironment.For(new Installation(), site, new Replica(spec.Service, 1), containers);

        var (exitCode, lines) = await CheckAsync(spec, environment.ToDictionary(p => p.Key, p => OnThisMachine(p.Value, spec.Service)));

        Assert.True(exitCode == 0, string.Join('\n', lines));
    }

    [Theory]
    [MemberData(nameof(Replicas))]
    public async Task A_service_understands_every_setting_that_it_is_given_in_a_pod(string replica, bool domain)
    {
        var spec = Spec(replica, domain);
        // Only the api is told of replicas of the stores.
        var mode = domain && spec.Service == Topology.Environments.Replicas.Api ? StoreMode.Replicated : StoreMode.Embedded;
        // Replicas of a service are behind one name.
        var services = new Services { Api = new() { Replicas = 1 }, Web = new() { Replicas = 1 } };
        var site = (domain ? WithDomain : new Site()) with { Services = services, Kubernetes = new Cluster { Redis = new() { Mode = mode }, ClickHouse = new() { Mode = mode } } };
        var environment = ServiceEnvironment.For(new Installation(), site, new Replica(spec.Service, 1), new ClusterPlacement("1.0.0+abc", site));

        var (exitCode, lines) = await CheckAsync(spec, environment.ToDictionary(p => p.Key, p => OnThisMachine(p.Value, spec.Service)));

        Assert.True(exitCode == 0, string.Join('\n', lines));
    }

    [Theory]
    [MemberData(nameof(Replicas))]
    public async Task A_service_refuses_a_setting_that_it_does_not_know(string replica, bool domain)
    {
        var spec = Spec(replica, domain);
        var section = replica.StartsWith("web", StringComparison.Ordinal) ? "Web" : "Service";

        var (exitCode, lines) = await CheckAsync(spec, new Dictionary<string, string>(spec.Environment) { [$"PROVOST_{section}__Unheard"] = "1" });

        Assert.Equal(Refused, exitCode);
        Assert.Contains($"PROVOST_{section}__Unheard", string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api-1", "PROVOST_Redis__Endpoint")]
    [InlineData("api-1", "PROVOST_ClickHouse__Endpoint")]
    [InlineData("api-1", "PROVOST_Public__Url")]
    [InlineData("web-1", "PROVOST_Web__Root")]
    [InlineData("clickhouse-1", "PROVOST_ClickHouse__DataDirectory")]
    public async Task A_service_refuses_to_go_without_what_it_needs(string replica, string key)
    {
        var spec = Spec(replica, domain: false);
        var environment = new Dictionary<string, string>(spec.Environment);
        Assert.True(environment.Remove(key));

        var (exitCode, lines) = await CheckAsync(spec, environment);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(key, string.Join('\n', lines), StringComparison.Ordinal);
    }

    // The api goes without the stores' passwords: a Redis or a ClickHouse of somebody else's may have none.
    [Theory]
    [InlineData("api-1", "Operator__Token")]
    [InlineData("api-1", "Pseudonyms__Key")]
    [InlineData("api-1", "Names__Key")]
    [InlineData("api-1", "DataProtection__Key")]
    [InlineData("clickhouse-1", "ClickHouse__Password")]
    public async Task A_service_refuses_to_go_without_a_secret_that_protects_people(string replica, string secret)
    {
        var spec = Spec(replica, domain: false);
        Assert.Contains(secret, Secrets.Of(spec.Service));
        File.Delete(Path.Combine(state.Secrets, spec.Service, secret));

        var (exitCode, lines) = await CheckAsync(spec, spec.Environment);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(secret, string.Join('\n', lines), StringComparison.Ordinal);
    }

    private ReplicaSpec Spec(string replica, bool domain)
    {
        var site = domain ? WithDomain : new Site();
        var installation = new Installation { Sites = new Dictionary<string, Site> { ["local"] = site } };
        string[] sockets = [.. Topology.Environments.Replicas.Of(site).SelectMany(r => Topology.Environments.Replicas.Sockets(r, embeddedRedis: true))];
        var placement = new ProcessPlacement("1.0.0+abc", Prepared(), state.Root, state.Run, true, Ports.Choose(state, sockets, isRunning: false));
        return ProcessRenderer.Render(installation, "local", placement, machineRedis: null).Replicas.Single(r => r.Id == replica);
    }

    private static Site WithDomain { get; } = new() { Domain = "insights.example.edu", Traces = new Traces { Endpoint = "http://127.0.0.1:4317" } };

    // The paths of a container, where the same files lie here.
    private string OnThisMachine(string value, string service) => value
        .Replace(ContainerPlacement.SecretsPath, Path.Combine(state.Secrets, service), StringComparison.Ordinal)
        .Replace(ContainerPlacement.CertificatesPath, state.Certificates, StringComparison.Ordinal)
        .Replace("/bundle/", Path.Combine(state.Releases, "release", "Web") + "/", StringComparison.Ordinal)
        .Replace("/engine/", Path.Combine(state.Releases, "release") + "/", StringComparison.Ordinal);

    // Files that the settings name must be there when a service looks.
    private string Prepared()
    {
        var release = Path.Combine(state.Releases, "release");
        Directory.CreateDirectory(Path.Combine(release, "Web", "wwwroot"));
        File.WriteAllText(Path.Combine(release, "Web", "wwwroot", "index.html"), "<html></html>");
        File.WriteAllText(Path.Combine(release, "libchdb.so"), "");
        Directory.CreateDirectory(state.Certificates);
        File.WriteAllText(Path.Combine(state.Certificates, "server.crt"), "");
        File.WriteAllText(Path.Combine(state.Certificates, "server.key"), "");
        return release;
    }

    private static Task<(int ExitCode, IReadOnlyList<string> Lines)> CheckAsync(ReplicaSpec spec, IReadOnlyDictionary<string, string> environment) => Shell.RunAsync(
        new Command(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(spec.Program)), [.. spec.Arguments, "check-configuration"], Environment: environment),
        null, TestContext.Current.CancellationToken);
}
