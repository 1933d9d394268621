using System.Globalization;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>Where a Redis answers, and as whom.</summary>
/// <param name="User">Null for the embedded server, which has one password and no users.</param>
public sealed record RedisAddress(string Host, int Port, string? User, string Password)
{
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>A connection to a Redis with the rights of the operator.</summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private readonly ConnectionMultiplexer connection;

    private RedisLink(ConnectionMultiplexer connection) => this.connection = connection;

    public IDatabase Database => connection.GetDatabase();

    public static async Task<RedisLink> OpenAsync(RedisAddress address)
    {
        try
        {
            return new RedisLink(await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
            {
                EndPoints = { { address.Host, address.Port } },
                User = address.User,
                Password = address.Password,
                AllowAdmin = true,
                AbortOnConnectFail = true,
                ConnectTimeout = 5000,
                AsyncTimeout = 120_000,
                SyncTimeout = 120_000,
                ClientName = "provost-backup",
                Protocol = RedisProtocol.Resp2,
            }));
        }
        catch (RedisConnectionException e)
        {
            throw new OperationError(ErrorKind.NotReady, $"Redis does not answer at {address}: {e.Message.Split('\n')[0]}", "look at it with: provost status", cause: e);
        }
    }

    /// <summary>A command whose failure is one of ours.</summary>
    public Task<RedisResult> ExecuteAsync(string command, params object[] arguments) => AskAsync(() => Database.ExecuteAsync(command, arguments));

    /// <summary>Whatever is asked of Redis: a refusal or silence is an error of ours.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RedisServerException e)
        {
            throw new OperationError(ErrorKind.Failed, $"Redis refused: {e.Message}", "provost logs redis shows more; then run the command again", cause: e);
        }
        catch (Exception e) when (e is RedisConnectionException or RedisTimeoutException)
        {
            throw new OperationError(ErrorKind.NotReady, $"Redis does not answer any more: {e.Message.Split('\n')[0]}", "look at it with: provost status", cause: e);
        }
    }

    /// <summary>Keys of the database, a page at a time, each once.</summary>
    public async IAsyncEnumerable<IReadOnlyList<RedisKey>> PagesAsync(int size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // SCAN may give a key twice while the table of keys grows.
        HashSet<string> seen = [];
        var cursor = "0";
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var answer = (RedisResult[])(await ExecuteAsync("SCAN", cursor, "COUNT", size))!;
            cursor = (string)answer[0]!;
            yield return [.. ((RedisKey[])answer[1]!).Where(k => seen.Add(Convert.ToHexString((byte[])k!)))];
        }
        while (cursor != "0");
    }

    public async Task<string> ConfigAsync(string name) => ((RedisResult[])(await ExecuteAsync("CONFIG", "GET", name))!) is [_, var value] ? (string)value! : "";

    public Task SetConfigAsync(string name, string value) => ExecuteAsync("CONFIG", "SET", name, value);

    /// <summary>A section of INFO, by name of the field.</summary>
    public async Task<IReadOnlyDictionary<string, string>> InfoAsync(string section) =>
        ((string)(await ExecuteAsync("INFO", section))!).Split('\n').Select(line => line.Trim().Split(':', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Waits until a field of INFO has a value.</summary>
    public async Task WaitAsync(string section, Func<IReadOnlyDictionary<string, string>, bool> until, TimeSpan limit, string what, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (!until(await InfoAsync(section)))
        {
            if (time.GetElapsedTime(start) > limit)
            {
                throw new OperationError(ErrorKind.NotReady, string.Create(CultureInfo.InvariantCulture, $"Redis did not finish {what} within {limit.TotalSeconds:0} s"), "provost logs redis shows why; then try again");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellation);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
