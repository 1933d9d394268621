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
    [InlineData("Error response from daemon: unauthorized: authentication required", "refuses the credentials", "password file")]
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

    [Fact]
    public async Task A_build_that_fails_shows_its_last_lines()
    {
        using var docker = new FakeProgram("docker", "echo 'Step 3/9 : RUN false'; echo 'The command returned a non-zero code: 1' >&2; exit 1");
        var request = new BuildRequest("x.Dockerfile", Path.GetTempPath(), "provost/x:1.2.3", new Dictionary<string, string>());

        var error = await FailsAsync(new DockerEngine(docker.Path), engine => engine.BuildAsync(request, _ => { }, TestContext.Current.CancellationToken), "x.Dockerfile", "");

        Assert.Contains(error.Details, line => line.Contains("RUN false", StringComparison.Ordinal));
    }

    private static async Task<OperationError> FailsAsync(DockerEngine engine, Func<DockerEngine, Task> act, string what, string remedy)
    {
        var error = await Assert.ThrowsAsync<OperationError>(() => act(engine));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        return error;
    }
}
