using System.Text.Json;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Releases;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Deploy;

public sealed class DeploymentTests : IDisposable
{
    private readonly TemporaryState temporary = new();
    private readonly FakeEdge edge = new();
    private readonly FakeRoll roll;
    private Func<OperationError?>? fence;

    public DeploymentTests() => roll = new FakeRoll(edge.Port);

    public void Dispose()
    {
        edge.Dispose();
        temporary.Dispose();
    }

    [Fact]
    public async Task When_all_goes_well_the_old_replicas_are_stopped_last_and_the_ledger_says_done()
    {
        var report = await DeployAsync();

        Assert.False(report.RolledBack);
        Assert.Null(report.Reason);
        Assert.Equal(["migrate", "begin", "start", "gateways", "commit", "stop old", "end"], roll.Calls);
        Assert.Equal("done", Assert.Single(Lines()).Result);
        Assert.Null(DeployNote.Read(temporary.State));
    }

    [Fact]
    public async Task A_schema_that_has_all_that_the_release_brings_is_left_alone()
    {
        var report = await DeployAsync(found: new SchemaState(1, [], ["0001-facts"], []));

        Assert.False(report.RolledBack);
        Assert.Equal(["begin", "start", "gateways", "commit", "stop old", "end"], roll.Calls);
    }

    [Fact]
    public async Task The_contract_migrations_run_last_and_only_when_asked_for()
    {
        roll.Schema = new SchemaState(7, ["0007-drop-legacy.contract"], []);

        await DeployAsync(contract: true);

        Assert.Equal(["stop old", "end", "migrate --contract"], roll.Calls[^3..]);
    }

    [Fact]
    public async Task A_release_that_needs_more_than_its_own_migrations_bring_is_refused_before_anything_starts()
    {
        var report = await DeployAsync(schema: new SchemaRange(5, 6));

        Assert.True(report.RolledBack);
        Assert.Contains("needs the schema 5, and the store has 1", report.Reason, StringComparison.Ordinal);
        Assert.Equal(["migrate"], roll.Calls);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("full disk")]
    [InlineData("no such thing")]
    [InlineData("half an answer")]
    [InlineData("late")]
    [InlineData("given up")]
    public async Task Whatever_goes_wrong_before_the_switch_is_final_it_returns_and_says_why(string what)
    {
        var accident = Accident(what);
        roll.Breaks["start"] = accident;

        var report = await DeployAsync();

        Assert.True(report.RolledBack);
        Assert.Contains(accident.Message, report.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(report.Remedy!);
        Assert.Equal(["start", "return", "end"], roll.Calls[^3..]);
        Assert.Equal("returned", Assert.Single(Lines()).Result);
    }

    private static Exception Accident(string what) => what switch
    {
        "refused" => new OperationError(ErrorKind.NotReady, "api-3 did not get ready", "look at its log"),
        "full disk" => new IOException("no space"),
        "no such thing" => new InvalidOperationException("no such replica"),
        "half an answer" => new JsonException("the JSON ends too early"),
        "late" => new TimeoutException("no answer in time"),
        _ => new TaskCanceledException("a limit of its own"),
    };

    [Fact]
    public async Task When_the_return_fails_too_the_first_reason_is_kept_and_the_rest_is_left_for_the_next_command()
    {
        roll.Breaks["start"] = new OperationError(ErrorKind.NotReady, "api-3 did not get ready", "look at its log");
        roll.Breaks["return"] = new OperationError(ErrorKind.NotReady, "redis-1 is not ready after 25 s", "provost logs redis", ["PING: no answer"]);

        var report = await DeployAsync();

        Assert.True(report.RolledBack);
        Assert.Equal("api-3 did not get ready", report.Reason);
        Assert.Equal("look at its log", report.Remedy);
        Assert.Contains("PING: no answer", report.Details);
        Assert.Contains("redis-1 is not ready", report.Undone[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("end", roll.Calls);
        Assert.Equal("returned", Assert.Single(Lines()).Result);
    }

    [Theory]
    [InlineData("stop old", "drain")]
    [InlineData("migrate --contract", "contract")]
    public async Task What_goes_wrong_once_the_new_release_serves_is_told_and_the_ledger_says_done(string step, string stage)
    {
        roll.Breaks[step] = new IOException("the store is gone");

        var report = await DeployAsync(contract: true);

        Assert.False(report.RolledBack);
        Assert.Contains("the new release serves", report.Reason, StringComparison.Ordinal);
        Assert.Contains($"\"{stage}\"", report.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("return", roll.Calls);
        Assert.Equal(step != "stop old", roll.Calls.Contains("end"));
        var line = Assert.Single(Lines());
        Assert.Equal("done", line.Result);
        Assert.Contains("the store is gone", line.Details!["reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_written_does_not_cost_the_report_and_the_next_command_puts_the_line_in()
    {
        roll.Breaks["start"] = new IOException("no space");
        var ledger = Path.Combine(temporary.State.Root, "ledger.jsonl");
        Directory.CreateDirectory(ledger);

        var report = await DeployAsync();

        Assert.True(report.RolledBack);
        Assert.Contains(report.Notes, n => n.Contains("the next provost deploy, rollback or up puts it in", StringComparison.Ordinal));
        Directory.Delete(ledger);
        Assert.True(new DeployHistory(temporary.State, TimeProvider.System).NoteSettled(DeployNote.Read(temporary.State)!, isCommitted: false));
        Assert.Equal("returned", Assert.Single(Lines()).Result);
    }

    [Fact]
    public async Task Whoever_lost_the_lock_touches_nothing_more_and_leaves_the_rest_to_who_took_it()
    {
        fence = () => roll.Calls.Contains("start") ? new OperationError(ErrorKind.Refused, "somebody has taken the lock meanwhile", "wait") : null;

        var refused = await Assert.ThrowsAsync<OperationError>(() => DeployAsync());

        Assert.Equal(ErrorKind.Refused, refused.Kind);
        Assert.Equal("start", roll.Calls[^1]);
        Assert.Empty(Lines());
        Assert.NotNull(DeployNote.Read(temporary.State));
    }

    private IReadOnlyList<LedgerEntry> Lines() => Ledger.Of(temporary.State, TimeProvider.System).Read();

    private Task<DeployReport> DeployAsync(bool contract = false, SchemaRange? schema = null, SchemaState? found = null)
    {
        var request = new DeployRequest("deploy", new Installation(), "local", "name: x", temporary.State, "2.0.0", "provost") { Contract = contract, Fence = fence };
        return new Deployment(request, new Silence(), TimeProvider.System).RunAsync(() => Task.FromResult(new Opened(roll, schema ?? new SchemaRange(1, 1), found ?? new SchemaState(1, [], []))), TestContext.Current.CancellationToken);
    }

    private sealed class Silence : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
        }
    }
}
