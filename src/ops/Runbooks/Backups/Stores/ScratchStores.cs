using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>Stores of their own over restored files: on loopback ports that nobody else knows, with passwords that nobody else has.</summary>
/// <param name="secrets">Directory with the passwords that they get; null for new ones.</param>
internal sealed class ScratchStores(StorePrograms programs, string folder, string? secrets, TimeProvider time) : IAsyncDisposable
{
    private const string User = "provost";
    private const string RedisPassword = Topology.Environments.Secrets.RedisPassword;
    private const string ClickHousePassword = "ClickHouse__Password";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly List<BackgroundProgram> running = [];

    public RedisAddress? Redis { get; private set; }

    public ClickHouseAddress? ClickHouse { get; private set; }

    /// <summary>Secrets of the scratch stores, as a service reads them.</summary>
    public string Secrets { get; } = secrets ?? NewSecrets(Path.Combine(folder, "secrets"));

    /// <summary>With them the platform's own program, without serving, works on these stores.</summary>
    public IReadOnlyDictionary<string, string> ApiSettings => new Dictionary<string, string>
    {
        ["PROVOST_Redis__Endpoint"] = Redis!.ToString(),
        ["PROVOST_ClickHouse__Endpoint"] = ClickHouse!.ToString(),
        ["PROVOST_Secrets__Directory"] = Secrets,
        ["PROVOST_Public__Url"] = "http://localhost",
        ["PROVOST_Listen__Http"] = "tcp:127.0.0.1:0",
    };

    public async Task<RedisLink> StartRedisAsync(RedisKind kind, string data, CancellationToken cancellation)
    {
        var (port, embedded) = (FreePort(), kind == RedisKind.Garnet);
        PrivateFiles.CreateDirectory(folder);
        var program = Start(embedded
            ? new Command(programs.Stores, ["redis"], folder, Environment(
                ("Listen__Http", string.Create(CultureInfo.InvariantCulture, $"tcp:127.0.0.1:{FreePort()}")), ("Redis__DataDirectory", data), ("Redis__Port", Text(port))))
            : new Command(programs.RedisOrStores(embedded), [Configuration(data, port)], folder));
        Redis = new RedisAddress("127.0.0.1", port, null, Password(RedisPassword));
        await UntilAsync(program, "Redis", () => AnswersAsync(port, cancellation), cancellation);
        return await RedisLink.OpenAsync(Redis);
    }

    public async Task<ClickHouseClient> StartClickHouseAsync(string data, string backups, CancellationToken cancellation)
    {
        var port = FreePort();
        PrivateFiles.CreateDirectory(folder);
        var program = Start(new Command(programs.Stores, ["clickhouse"], folder, Environment(
            ("Listen__Http", string.Create(CultureInfo.InvariantCulture, $"tcp:127.0.0.1:{port}")), ("ClickHouse__DataDirectory", data), ("ClickHouse__BackupDirectory", backups),
            ("ClickHouse__User", User), ("ClickHouse__Library", programs.Library))));
        ClickHouse = new ClickHouseAddress(new Uri($"http://127.0.0.1:{port}"), User, Password(ClickHousePassword), backups);
        var client = new ClickHouseClient(ClickHouse);
        await UntilAsync(program, "ClickHouse", () => client.AnswersAsync(cancellation), cancellation);
        return client;
    }

    public async Task StopAsync()
    {
        await Task.WhenAll(running.Select(p => p.StopAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in running)
        {
            await program.DisposeAsync();
        }
    }

    private BackgroundProgram Start(Command command)
    {
        var program = BackgroundProgram.Start(command);
        running.Add(program);
        return program;
    }

    private string Configuration(string data, int port)
    {
        var file = Path.Combine(folder, "redis.conf");
        PrivateFiles.Write(file, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            bind 127.0.0.1
            port {port}
            requirepass {Password(RedisPassword)}
            dir "{data}"
            daemonize no
            appendonly yes
            appendfsync everysec
            auto-aof-rewrite-percentage 0
            save ""
            """)));
        return file;
    }

    private static string NewSecrets(string directory)
    {
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(directory)!);
        PrivateFiles.CreateDirectory(directory);
        foreach (var name in (string[])[RedisPassword, ClickHousePassword])
        {
            PrivateFiles.Write(Path.Combine(directory, name), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))));
        }
        return directory;
    }

    private string Password(string name) => File.ReadAllText(Path.Combine(Secrets, name)).Trim();

    private Dictionary<string, string> Environment(params (string Key, string Value)[] keys) =>
        keys.Append(("Secrets__Directory", Secrets)).Append(("Service__DrainSeconds", "0")).Append(("Logs__Level", "Warning")).ToDictionary(k => "PROVOST_" + k.Item1, k => k.Item2);

    private async Task UntilAsync(BackgroundProgram program, string name, Func<Task<bool>> answers, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (!await answers())
        {
            if (program.HasEnded || time.GetElapsedTime(start) > StartLimit)
            {
                throw new OperationError(
                    ErrorKind.Failed, $"{name} does not start with the restored files", "the lines above say why; try another backup: provost backup list", program.LastLines);
            }
            await Task.Delay(Look, time, cancellation);
        }
    }

    // Before it has read its files it answers, but says LOADING.
    private async Task<bool> AnswersAsync(int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            // As arrays: the embedded server takes no inline commands.
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(RespRequest.Of("AUTH", Password(RedisPassword)) + RespRequest.Of("PING")), cancellation);
            var answer = new byte[64];
            var length = await client.GetStream().ReadAtLeastAsync(answer, 12, throwOnEndOfStream: false, cancellation);
            return Encoding.ASCII.GetString(answer, 0, length) == "+OK\r\n+PONG\r\n";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
