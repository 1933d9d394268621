using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Tests.Targets;

public sealed class SecretFilesTests
{
    [Fact]
    public void Every_service_gets_its_secrets_and_nobody_else_may_read_them()
    {
        using var temporary = new TemporaryState();
        var state = temporary.State;

        SecretFiles.Ensure(state);

        Assert.Equal(state.Secret("api", "Redis__Password"), state.Secret("redis", "Redis__Password"));
        Assert.Equal(32, Convert.FromBase64String(state.Secret("api", "Names__Key")!).Length);
        Assert.Equal(43, state.Secret("operator", "Operator__Token")!.Length);
        Assert.Null(state.Secret("gateway", "Redis__Password"));
        Assert.Equal(43, state.Secret("gateway", "Listen__AdminToken")!.Length);
        Assert.Equal(state.Secret("gateway", "Listen__AdminToken"), state.Secret("operator", "Listen__AdminToken"));
        Assert.All(Directory.EnumerateFiles(state.Secrets, "*", SearchOption.AllDirectories), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        Assert.All(Directory.EnumerateDirectories(state.Secrets), d => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(d)));
        var values = Secrets.All.Select(s => state.Secret(s.Services[0], s.Name)).ToList();
        Assert.Equal(values.Count, values.Distinct().Count());
    }

    [Fact]
    public void Secrets_are_made_once()
    {
        using var temporary = new TemporaryState();
        SecretFiles.Ensure(temporary.State);
        var token = temporary.State.Secret("operator", "Operator__Token");
        File.Delete(Path.Combine(temporary.State.Secrets, "api", "Operator__Token"));

        SecretFiles.Ensure(temporary.State);

        Assert.Equal(token, temporary.State.Secret("operator", "Operator__Token"));
        Assert.Equal(token, temporary.State.Secret("api", "Operator__Token"));
    }

    [Fact]
    public void A_lost_key_is_not_made_anew_beside_data_that_need_it()
    {
        using var temporary = new TemporaryState();
        var state = temporary.State;
        SecretFiles.Ensure(state);
        Directory.CreateDirectory(Path.Combine(state.Data, "redis"));
        File.WriteAllText(Path.Combine(state.Data, "redis", "appendonly.aof"), "data");
        File.Delete(Path.Combine(state.Secrets, "api", "Names__Key"));

        var error = Assert.Throws<OperationError>(() => SecretFiles.Ensure(state));

        Assert.Equal(ErrorKind.Refused, error.Kind);
        Assert.Contains("Names__Key", error.Message, StringComparison.Ordinal);
        Assert.Null(state.Secret("api", "Names__Key"));
    }
}
