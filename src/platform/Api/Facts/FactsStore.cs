using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Provost.Api.Telemetry;

namespace Provost.Api.Facts;

/// <summary>
/// The connection to ClickHouse over HTTP. Everything sent here may be sent twice: reads, statements that say IF NOT EXISTS,
/// deletions, and inserts with a deduplication token. So a ClickHouse that restarts costs time and nothing else.
/// </summary>
internal sealed class FactsStore : IDisposable
{
    public const string HttpClientName = "clickhouse";

    // ClickHouse's codes for "not now": too many queries, network, memory, being shut down or started; with replicas also no
    // keeper, too few of them, a majority that has not the last write yet, and a replica that is not in it.
    private static readonly HashSet<int> Passing = [159, 160, 202, 209, 210, 225, 241, 242, 252, 285, 286, 289, 319, 394, 999];

    private static readonly ResiliencePipeline Patience = new ResiliencePipelineBuilder()
        .AddTimeout(TimeSpan.FromSeconds(30))
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromMilliseconds(800),
            UseJitter = true,
            ShouldHandle = new PredicateBuilder()
                .Handle<HttpRequestException>()
                .Handle<IOException>()
                .Handle<ClickHouseServerException>(error => Passing.Contains(error.ErrorCode)),
        })
        .Build();

    private readonly ClickHouseClient client;
    private readonly ApiMeters meters;

    public FactsStore(FactsOptions options, IHttpClientFactory http, ApiMeters meters)
    {
        this.meters = meters;
        Database = options.Database;
        Cluster = options.Cluster;
        var address = new Uri(options.Endpoint);
        client = new ClickHouseClient(new ClickHouseClientSettings
        {
            Protocol = address.Scheme,
            Host = address.Host,
            Port = (ushort)address.Port,
            Username = options.User,
            Password = options.Password.Reveal(),
            // The database may not exist yet when the first migration runs: statements name it.
            Database = "default",
            UseCompression = false,
            HttpClientFactory = http,
            HttpClientName = HttpClientName,
        });
    }

    public string Database { get; }

    /// <summary>The cluster that the servers form; empty for one server.</summary>
    public string Cluster { get; }

    public bool IsReplicated => Cluster.Length > 0;

    /// <summary>Connections are kept and renewed; a dead one is noticed at once, not after a system's default.</summary>
    public static HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        MaxConnectionsPerServer = 32,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    };

    /// <summary>The whole answer in RowBinary, to be given back. Parameters stand in the SQL as {name:Type}.</summary>
    public Task<PooledBytes> ReadAsync(string operation, string sql, CancellationToken cancellation, params (string Name, string Value)[] parameters) =>
        RunAsync(operation, async token =>
        {
            var options = Options(parameters);
            // Of some ten thousand rows: to hand them to several threads takes longer than to read and to write them.
            options.CustomSettings!["max_threads"] = 1;
            options.CustomSettings["output_format_parallel_formatting"] = 0;
            using var result = await client.ExecuteRawResultAsync($"{sql} FORMAT RowBinary", options, token);
            await using var stream = await result.ReadAsStreamAsync();
            await using var plain = Decode(stream, result.ContentEncoding);
            return await PooledBytes.ReadAsync(plain, token);
        }, cancellation);

    public async Task<ulong> CountAsync(string operation, string sql, CancellationToken cancellation, params (string Name, string Value)[] parameters)
    {
        using var bytes = await ReadAsync(operation, sql, cancellation, parameters);
        return new RowBinaryReader(bytes.Span).ReadUInt64();
    }

    public Task ExecuteAsync(string operation, string sql, CancellationToken cancellation, params (string Name, string Value)[] parameters) =>
        RunAsync(operation, async token => await client.ExecuteNonQueryAsync(sql, null, Options(parameters), token), cancellation);

    /// <summary>Inserts one block. The same token again is the same block again, and is dropped by ClickHouse.</summary>
    public Task InsertAsync(string table, string[] columns, RowBinaryWriter rows, string token, CancellationToken cancellation) =>
        RunAsync($"insert.{table}", async cancel =>
        {
            using var bytes = new MemoryStream(rows.Written.ToArray(), writable: false);
            var options = Options([]);
            options.CustomSettings!["insert_deduplicate"] = 1;
            options.CustomSettings["insert_deduplication_token"] = token;
            using var response = await client.InsertRawStreamAsync($"{Database}.{table}", bytes, "RowBinary", columns, useCompression: false, options, cancel);
            return response.IsSuccessStatusCode;
        }, cancellation);

    public Task<bool> PingAsync(CancellationToken cancellation) => client.PingAsync(null, cancellation);

    public void Dispose() => client.Dispose();

    private async Task<T> RunAsync<T>(string operation, Func<CancellationToken, Task<T>> command, CancellationToken cancellation)
    {
        Task<T>? answer = null;
        await RepeatAsync(operation, token => answer = command(token), cancellation);
        return await answer!;
    }

    // Without the answer's type, as in RedisStore.
    private async Task RepeatAsync(string operation, Func<CancellationToken, Task> command, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        var succeeded = false;
        try
        {
            await Patience.ExecuteAsync(async token => await command(token), cancellation);
            succeeded = true;
        }
        catch (TimeoutRejectedException)
        {
            throw ApiError.Unavailable("facts");
        }
        finally
        {
            meters.StoreAnswered("clickhouse", operation, succeeded, since);
        }
    }

    private static QueryOptions Options((string Name, string Value)[] parameters)
    {
        var settings = new Dictionary<string, object>();
        foreach (var (name, value) in parameters)
            settings[$"param_{name}"] = value;
        return new QueryOptions { CustomSettings = settings };
    }

    private static Stream Decode(Stream stream, string? encoding) => encoding switch
    {
        "gzip" => new GZipStream(stream, CompressionMode.Decompress),
        "br" => new BrotliStream(stream, CompressionMode.Decompress),
        "deflate" => new ZLibStream(stream, CompressionMode.Decompress),
        _ => stream,
    };
}
