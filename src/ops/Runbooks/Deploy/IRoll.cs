using Provost.Runbooks.Operator;

namespace Provost.Runbooks.Deploy;

/// <summary>
/// How a kind of site gets from what runs to a release beside it, and back. Replicas of the two have different names. At each moment
/// what lies on the disk says where to return to: whoever goes on after an accident needs nothing else.
/// </summary>
internal interface IRoll : IAsyncDisposable
{
    /// <summary>The release that is live.</summary>
    string From { get; }

    /// <summary>The release that answers once it is done: another one only when the api is renewed.</summary>
    string To { get; }

    OperatorDoor Door { get; }

    IReadOnlyList<IGateway> OldGateways { get; }

    /// <summary>Those that come; empty when the gateways go on as they are.</summary>
    IReadOnlyList<IGateway> NewGateways { get; }

    Destinations OldDestinations { get; }

    Destinations NewDestinations { get; }

    /// <summary>What the operator should know besides.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>Runs the new release's own migrations against the stores that run.</summary>
    /// <param name="verb">Arguments of the api's program.</param>
    Task<SchemaState> SchemaAsync(string[] verb, CancellationToken cancellation);

    /// <summary>Begins: from here on an accident is settled by whoever comes next.</summary>
    void Begin();

    /// <summary>Starts the stores anew, one after the other; connections to them wait meanwhile.</summary>
    Task RenewStoresAsync(TimeSpan limit, CancellationToken cancellation);

    /// <summary>Starts new api and web replicas beside the old ones and waits until they are ready.</summary>
    Task StartBesideAsync(TimeSpan limit, CancellationToken cancellation);

    Task StartGatewaysAsync(TimeSpan limit, CancellationToken cancellation);

    /// <summary>The new release serves: who goes on after an accident finishes instead of returning.</summary>
    void Commit();

    /// <summary>Stops the old replicas: each finishes what it has, tells its live sessions to reconnect, ends.</summary>
    /// <param name="drain">False kills them.</param>
    /// <param name="say">Takes what the operator should know, such as a replica that had to be killed.</param>
    Task StopOldAsync(bool drain, Action<string> say, CancellationToken cancellation);

    /// <summary>Back to the old replicas, which never stopped; what was begun is taken back.</summary>
    /// <param name="undone">Takes what that was, in words, as soon as it is so.</param>
    Task ReturnAsync(TimeSpan limit, Action<string> undone, CancellationToken cancellation);

    /// <summary>Nothing is under way any more.</summary>
    void End();
}
