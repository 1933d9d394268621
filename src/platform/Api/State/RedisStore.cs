using System.Diagnostics;
using System.Net.Sockets;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Provost.Api.Telemetry;
using StackExchange.Redis;

namespace Provost.Api.State;

/// <summary>
/// The connection to Redis. A command that meets a restarting Redis is repeated until it answers: callers pass commands
/// that may run twice (reads, sets, deletes, compare-and-set transactions that look first).
/// </summary>
internal sealed class RedisStore(RedisOptions options, ApiMeters meters, WriteFence fence) : IAsyncDisposable
{
    private static readonly ResiliencePipeline Patience = new ResiliencePipelineBuilder()
        .AddTimeout(TimeSpan.FromSeconds(20))
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(25),
            MaxDelay = TimeSpan.FromMilliseconds(400),
            UseJitter = true,
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception switch
            {
                RedisConnectionException or RedisTimeoutException => true,
                // A connection that is reset while it is being made is told as the socket told it.
                IOException or SocketException => true,
                RedisServerException error => IsStarting(error.Message),
                // Commands of two parts end as cancelled when the connection breaks between them, though nobody cancelled.
                OperationCanceledException => !attempt.Context.CancellationToken.IsCancellationRequested,
                _ => false,
            }),
        })
        .Build();

    private readonly Lock gate = new();
    private Task<ConnectionMultiplexer>? connecting;

    public async Task<T> RunAsync<T>(string operation, Func<IDatabase, Task<T>> command, CancellationToken cancellation = default)
    {
        Task<T>? answer = null;
        await RepeatAsync(operation, database => answer = command(database), cancellation);
        return await answer!;
    }

    // Knows nothing of the answer's type: for each one that it knew, the runtime would compile all of Polly's methods again.
    private async Task RepeatAsync(string operation, Func<IDatabase, Task> command, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        using var span = ApiTraces.Redis(operation);
        var succeeded = false;
        try
        {
            await Patience.ExecuteAsync(
                async token => await command((await ConnectAsync().WaitAsync(token)).GetDatabase()).WaitAsync(token), cancellation);
            succeeded = true;
        }
        catch (TimeoutRejectedException)
        {
            throw ApiError.Unavailable("state");
        }
        finally
        {
            meters.StoreAnswered("redis", operation, succeeded, since);
            span?.SetStatus(succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        }
    }

    /// <summary>One transaction: the conditions hold and everything queued happens, or nothing does. Waits at the fence of a backup.</summary>
    /// <returns>False when a condition did not hold.</returns>
    public Task<bool> CommitAsync(string operation, Action<ITransaction> queue, CancellationToken cancellation = default) =>
        RunAsync(operation, async database =>
        {
            using var passage = await fence.EnterAsync(cancellation);
            var transaction = database.CreateTransaction();
            queue(transaction);
            return await transaction.ExecuteAsync();
        }, cancellation);

    /// <summary>Listens for doorbells. Messages can be lost while Redis restarts: whoever listens also looks from time to time.</summary>
    public async Task ListenAsync(string channel, Action<string> rang, Action reconnected)
    {
        var connection = await ConnectAsync();
        connection.ConnectionRestored += (_, _) => reconnected();
        await connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel), (_, message) => rang(message.ToString()));
    }

    public async Task<TimeSpan> PingAsync(CancellationToken cancellation) =>
        await (await ConnectAsync().WaitAsync(cancellation)).GetDatabase().PingAsync().WaitAsync(cancellation);

    /// <summary>The same settings for whoever needs a connection of its own (the live backplane).</summary>
    public static ConfigurationOptions Configure(RedisOptions options)
    {
        var configuration = Settings(options);
        foreach (var endpoint in options.Endpoints)
            configuration.EndPoints.Add(endpoint);
        return configuration;
    }

    private static ConfigurationOptions Settings(RedisOptions options) => new()
    {
        // With a name the endpoints are sentinels: they say who the primary is, and when it is another.
        ServiceName = options.Primary.Length > 0 ? options.Primary : null,
        Password = options.Password.IsEmpty ? null : options.Password.Reveal(),
        AbortOnConnectFail = false,
        ConnectTimeout = 2000,
        AsyncTimeout = 5000,
        HeartbeatInterval = TimeSpan.FromMilliseconds(500),
        ReconnectRetryPolicy = new LinearRetry(100),
        BacklogPolicy = BacklogPolicy.Default,
        ClientName = "provost-api",
        Protocol = RedisProtocol.Resp2,
    };

    public async ValueTask DisposeAsync()
    {
        if (connecting is { IsCompletedSuccessfully: true } connected)
            await connected.Result.DisposeAsync();
    }

    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (gate)
        {
            if (connecting is null or { IsFaulted: true } or { IsCanceled: true })
                connecting = ConnectionMultiplexer.ConnectAsync(Configure(options));
            return connecting;
        }
    }

    private static bool IsStarting(string message) =>
        message.StartsWith("LOADING", StringComparison.Ordinal)
        || message.StartsWith("READONLY", StringComparison.Ordinal)
        || message.StartsWith("MASTERDOWN", StringComparison.Ordinal)
        || message.StartsWith("TRYAGAIN", StringComparison.Ordinal);
}
