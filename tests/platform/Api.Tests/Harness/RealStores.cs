using System.Net.Sockets;
using Provost.Harness;

[assembly: AssemblyFixture(typeof(Provost.Api.Tests.Harness.RealStores))]

namespace Provost.Api.Tests.Harness;

/// <summary>A real redis-server and the real embedded ClickHouse, started once for all tests; each test has its own names in them.</summary>
public sealed class RealStores : IAsyncLifetime
{
    public const string Password = "of-the-tests";

    private Server? redis;
    private Server? clickHouse;

    internal string RedisEndpoint { get; private set; } = "";

    internal string ClickHouseEndpoint { get; private set; } = "";

    /// <summary>Why the tests that need the stores cannot run here; null when they can.</summary>
    internal string? Missing { get; private set; }

    internal Server Redis => redis!;

    internal Server ClickHouse => clickHouse!;

    public async ValueTask InitializeAsync()
    {
        var (program, stores, library) = (Find("redis-server"), StoresProgram(), ChDb());
        Missing = program is null ? "redis-server is not installed"
            : stores is null ? "Provost.Stores is not built"
            : library is null ? "libchdb.so is not there: npm ci in artifacts/chdb"
            : null;
        if (Missing is not null)
            return;
        redis = MakeRedis(program!);
        clickHouse = MakeClickHouse(stores!, library!);
        await Task.WhenAll(redis.StartAsync(), clickHouse.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (redis is not null)
            await redis.DisposeAsync();
        if (clickHouse is not null)
            await clickHouse.DisposeAsync();
    }

    /// <summary>Skips on a machine without the tools, and fails there in CI.</summary>
    internal void MustBeThere()
    {
        if (Missing is null)
            return;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Missing);
        Assert.Skip(Missing);
    }

    private Server MakeRedis(string program)
    {
        var (port, directory) = (Server.FreePort(), Directory.CreateTempSubdirectory("provost-redis-").FullName);
        RedisEndpoint = $"127.0.0.1:{port}";
        string[] arguments =
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", directory, "--requirepass", Password, "--appendonly", "yes", "--save", "", "--databases", "64",
        ];
        return new Server(program, arguments, new Dictionary<string, string>(), directory, () => AnswersAsync(port));
    }

    private Server MakeClickHouse(string program, string library)
    {
        var (port, directory) = (Server.FreePort(), Directory.CreateTempSubdirectory("provost-clickhouse-").FullName);
        var secrets = Directory.CreateDirectory(Path.Combine(directory, "secrets")).FullName;
        File.WriteAllText(Path.Combine(secrets, "ClickHouse__Password"), Password);
        ClickHouseEndpoint = $"http://127.0.0.1:{port}";
        var environment = new Dictionary<string, string>
        {
            ["PROVOST_Listen__Http"] = $"tcp:127.0.0.1:{port}",
            ["PROVOST_Secrets__Directory"] = secrets,
            ["PROVOST_Service__DrainSeconds"] = "0",
            ["PROVOST_ClickHouse__DataDirectory"] = Path.Combine(directory, "data"),
            ["PROVOST_ClickHouse__User"] = "provost",
            ["PROVOST_ClickHouse__MaxMemoryMegabytes"] = "1500",
            ["PROVOST_ClickHouse__Library"] = library,
        };
        return new Server(program, ["clickhouse"], environment, directory, async () =>
        {
            using var http = new HttpClient();
            try
            {
                using var answer = await http.GetAsync($"http://127.0.0.1:{port}/health/ready");
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[16];
            var read = await client.GetStream().ReadAsync(answer);
            // Before it has read its file it says LOADING.
            return read > 0 && System.Text.Encoding.ASCII.GetString(answer, 0, read).StartsWith("-NOAUTH", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string? StoresProgram() => Existing(Path.Combine(Repository.Root, "artifacts/bin/Stores/release/Provost.Stores"))
        ?? Existing(Path.Combine(Repository.Root, "artifacts/bin/Stores/debug/Provost.Stores"));

    private static string? ChDb() => Existing(Path.Combine(Repository.Root, "artifacts/chdb/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so"));

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
