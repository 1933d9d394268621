using System.Net;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Operator;

namespace Provost.Runbooks.Tests.Deploy;

/// <summary>A roll whose steps do what a test says; what was called stands in <see cref="Calls"/>.</summary>
internal sealed class FakeRoll(int port) : IRoll
{
    public List<string> Calls { get; } = [];

    /// <summary>Thrown by the step of that name.</summary>
    public Dictionary<string, Exception> Breaks { get; } = [];

    public string From => "1.0.0";

    public string To => "2.0.0";

    public OperatorDoor Door { get; } = new(new Uri($"http://localhost:{port}"), new IPEndPoint(IPAddress.Loopback, port), "token", null);

    public IReadOnlyList<IGateway> OldGateways => [];

    public IReadOnlyList<IGateway> NewGateways => [];

    public Destinations OldDestinations { get; } = new([], []);

    public Destinations NewDestinations { get; } = new([], []);

    public IReadOnlyList<string> Notes => [];

    public SchemaState Schema { get; set; } = new(1, [], ["0001-snapshots"]);

    public Task<SchemaState> SchemaAsync(string[] verb, CancellationToken cancellation)
    {
        Step(string.Join(' ', verb));
        return Task.FromResult(Schema);
    }

    public void Begin() => Step("begin");

    public Task RenewStoresAsync(TimeSpan limit, CancellationToken cancellation) => StepAsync("stores");

    public Task StartBesideAsync(TimeSpan limit, CancellationToken cancellation) => StepAsync("start");

    public Task StartGatewaysAsync(TimeSpan limit, CancellationToken cancellation) => StepAsync("gateways");

    public void Commit() => Step("commit");

    public Task StopOldAsync(bool drain, Action<string> say, CancellationToken cancellation) => StepAsync("stop old");

    public Task ReturnAsync(TimeSpan limit, Action<string> undone, CancellationToken cancellation)
    {
        undone("the gateways send everything to the old replicas");
        return StepAsync("return");
    }

    public void End() => Step("end");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task StepAsync(string name)
    {
        Step(name);
        return Task.CompletedTask;
    }

    private void Step(string name)
    {
        Calls.Add(name);
        if (Breaks.TryGetValue(name, out var breaks))
        {
            throw breaks;
        }
    }
}
