using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Images;

/// <summary>What can be wrong with an engine, each as a clear error with a remedy.</summary>
public sealed class DockerEngineTests
{
    [Fact]
    public async Task No_docker_command() => await FailsAsync(
        new DockerEngine("docker-that-is-not-there"), engine => engine.RequireAsync(TestContext.Current.CancellationToken), "not installed", "install Docker Engine");

    [Theory]
    [InlineData("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", "no Docker engine answers", "systemctl start docker")]
    [InlineData("failed to connect to the docker API at unix:///var/run/docker.sock", "no Docker engine answers", "DOCKER_HOST")]
    [InlineData("permission denied while trying to connect to the Docker daemon socket", "may not use", "group docker")]
    [InlineData("write /var/lib/docker/tmp/x: no space left on device", "disk of the Docker engine is full", "docker system df")]
    [InlineData("Error response from daemon: Get https://r/v2/: x509: certificate signed by unknown authority", "does not trust", "certs.d")]
    [InlineData("Error response from daemon: Get https://registry.example/v2/: dial tcp: lookup registry.example: no such host", "registry cannot be reached", "address")]
    [InlineData("Error response from daemon: Get http://localhost:5000/v2/: dial tcp 127.0.0.1:5000: connect: connection refused", "registry cannot be reached", "proxy")]
    [InlineData("Bind for 0.0.0.0:8080 failed: port is already allocated", "port is taken", "provost.yaml")]
    [InlineData("Error response from daemon: Range of CPUs is from 0.01 to 1.00, as there are only 1 CPUs available", "fewer processors", "PROVOST_CPUS")]
    [InlineData("Error response from daemon: manifest for r/provost/backend@sha256:aa not found: manifest unknown", "does not have it", "push")]
    [InlineData("Error response from daemon: unauthorized: authentication required", "refuses the credentials", "password file")]
    [InlineData("filesystem layer verification failed for digest sha256:aa", "other bytes than the digest names", "tampered")]
    [InlineData("failed commit on ref: unexpected commit digest sha256:aa, expected sha256:bb: failed precondition", "other bytes than the digest names", "push the image again")]
    public async Task What_docker_says_becomes_what_to_do(string said, string what, string remedy)
    {
        using var docker = new FakeProgram("docker", $"echo '{said}' >&2; exit 1");

        await FailsAsync(new DockerEngine(docker.Path), engine => engine.RequireAsync(TestContext.Current.CancellationToken), what, remedy);
    }

    [Theory]
    [InlineData("""{"Client":{},"Server":{"Version":"19.03.15","ApiVersion":"1.40"}}""")]
    [InlineData("""{"Client":{},"Server":null}""")]
    public async Task An_engine_that_is_too_old(string version)
    {
        using var docker = new FakeProgram("docker", $"echo '{version}'");

        await FailsAsync(new DockerEngine(docker.Path), engine => engine.RequireAsync(TestContext.Current.CancellationToken), "too old", "upgrade");
    }

    [Fact]
    public async Task An_engine_that_is_new_enough()
    {
        using var docker = new FakeProgram("docker", """echo '{"Server":{"Version":"20.10.24","ApiVersion":"1.41"}}'""");

        Assert.Equal("20.10.24", await new DockerEngine(docker.Path).RequireAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("exit 1", "has no Compose", "plugin")]
    [InlineData("echo 1.29.2", "Compose is too old: version 1.29.2", "plugin")]
    [InlineData("echo 2.19.9", "2.20.0 is needed", "plugin")]
    public async Task Without_a_Compose_that_is_new_enough(string compose, string what, string remedy)
    {
        using var docker = new FakeProgram("docker", Engine(compose));

        await FailsAsync(new DockerEngine(docker.Path), engine => engine.RequireComposeAsync(TestContext.Current.CancellationToken), what, remedy);
    }

    [Theory]
    [InlineData("2.20.0")]
    [InlineData("v2.26.1-4")]
    [InlineData("2.40.3+ds1")]
    public async Task A_Compose_that_is_new_enough(string version)
    {
        using var docker = new FakeProgram("docker", Engine($"echo {version}"));

        await new DockerEngine(docker.Path).RequireComposeAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_build_that_fails_shows_its_last_lines()
    {
        using var docker = new FakeProgram("docker", "echo 'Step 3/9 : RUN false'; echo 'The command returned a non-zero code: 1' >&2; exit 1");
        var request = new BuildRequest("x.Dockerfile", Path.GetTempPath(), "provost/x:1.2.3", new Dictionary<string, string>());

        var error = await FailsAsync(new DockerEngine(docker.Path), engine => engine.BuildAsync(request, _ => { }, TestContext.Current.CancellationToken), "x.Dockerfile", "");

        Assert.Contains(error.Details, line => line.Contains("RUN false", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("npm error request to https://packages.example/x failed, reason: connect ECONNREFUSED: connection refused")]
    [InlineData("error NU1301: Unable to load the service index: x509: certificate signed by unknown authority")]
    [InlineData("npm error 401 unauthorized: access denied")]
    public async Task What_a_step_of_a_build_says_of_its_own_network_is_not_taken_for_the_registry_of_images(string said)
    {
        using var docker = new FakeProgram("docker", $"echo '{said}' >&2; exit 1");
        var request = new BuildRequest("x.Dockerfile", Path.GetTempPath(), "provost/x:1.2.3", new Dictionary<string, string>());

        var error = await FailsAsync(new DockerEngine(docker.Path), engine => engine.BuildAsync(request, _ => { }, TestContext.Current.CancellationToken), said, "last lines");

        Assert.Equal(ErrorKind.Failed, error.Kind);
    }

    [Theory]
    [InlineData("Error response from daemon: Get https://r/v2/: dial tcp: lookup r: no such host")]
    [InlineData("ERROR: failed to solve: r/x:1.2.3: failed to do request: Head https://r/v2/x: dial tcp 127.0.0.1:5000: connect: connection refused")]
    public async Task A_build_whose_base_cannot_be_pulled_says_so(string said)
    {
        using var docker = new FakeProgram("docker", $"echo '{said}' >&2; exit 1");
        var request = new BuildRequest("x.Dockerfile", Path.GetTempPath(), "provost/x:1.2.3", new Dictionary<string, string>());

        await FailsAsync(new DockerEngine(docker.Path), engine => engine.BuildAsync(request, _ => { }, TestContext.Current.CancellationToken), "registry cannot be reached", "address");
    }

    private static string Engine(string compose) =>
        $"if [ $1 = compose ]; then {compose}; else " + """echo '{"Server":{"Version":"20.10.24","ApiVersion":"1.41"}}'; fi""";

    private static async Task<OperationError> FailsAsync(DockerEngine engine, Func<DockerEngine, Task> act, string what, string remedy)
    {
        var error = await Assert.ThrowsAsync<OperationError>(() => act(engine));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        return error;
    }
}
