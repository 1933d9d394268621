using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Provost.Harness;

/// <summary>One installation in a directory of its own, started with ./provost up -d and taken down at the end.</summary>
public sealed class Installation : IAsyncDisposable
{
    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan VerbLimit = TimeSpan.FromMinutes(2);

    private readonly bool demonstration;

    private Installation(string directory, int port, bool demonstration)
    {
        Directory = directory;
        this.demonstration = demonstration;
        Url = new Uri($"http://localhost:{port}");
    }

    public string Directory { get; }

    public Uri Url { get; }

    public string StateDirectory => Path.Combine(Directory, ".provost");

    /// <summary>What the first up -d printed.</summary>
    public CommandResult? FirstUp { get; private set; }

    /// <param name="prepare">Called with the directory before anything is started in it.</param>
    public static async Task<Installation> StartAsync(bool demonstration = false, string extraKeys = "", Func<string, Task>? prepare = null)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("provost-story-").FullName;
        var port = FreePort.Next();
        await File.WriteAllTextAsync(Path.Combine(directory, "provost.yaml"), $"""
            name: story
            sites:
              local:
                http:
                  port: {port}
            {extraKeys}
            """);
        if (prepare is not null)
            await prepare(directory);
        var installation = new Installation(directory, port, demonstration);
        installation.FirstUp = await installation.UpAsync();
        return installation;
    }

    public async Task<CommandResult> UpAsync() =>
        (await Command.ProvostAsync(Directory, UpLimit, demonstration ? ["up", "-d"] : ["up", "-d", "--no-demo"])).MustSucceed();

    public Task<CommandResult> RunAsync(params string[] arguments) => Command.ProvostAsync(Directory, VerbLimit, arguments);

    public async Task<JsonElement> JsonAsync(params string[] arguments) => (await RunAsync([.. arguments, "--json"])).MustSucceed().Json;

    /// <summary>Replicas by id, such as api-1, with their process ids.</summary>
    public async Task<IReadOnlyList<Replica>> ReplicasAsync() => Replicas(await JsonAsync("status"));

    /// <summary>Replicas out of the answer of status --json.</summary>
    public static IReadOnlyList<Replica> Replicas(JsonElement status) =>
    [
        .. from service in status.GetProperty("services").EnumerateArray()
           from replica in service.GetProperty("replicas").EnumerateArray()
           select new Replica(
               service.GetProperty("name").GetString()!, replica.GetProperty("id").GetString()!, replica.GetProperty("pid").GetInt32(),
               replica.GetProperty("ready").GetBoolean(), replica.GetProperty("restarts").GetInt32(), replica.GetProperty("rssBytes").GetInt64()),
    ];

    /// <summary>A browser-like session of a new account.</summary>
    public async Task<Session> SignInAsync(string user, string role, string? course = null, params string[] more)
    {
        string[] place = course is null ? [] : ["--course", course];
        var added = await JsonAsync(["user", "add", user, "--role", role, .. place, .. more]);
        var session = new Session(Url);
        await session.SignInAsync(new Uri(added.GetProperty("signInUrl").GetString()!));
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        var down = await RunAsync("down");
        if (down.ExitCode != 0)
            throw new InvalidOperationException(down.ToString());
        System.IO.Directory.Delete(Directory, recursive: true);
    }

}

public sealed record Replica(string Service, string Id, int Pid, bool Ready, int Restarts, long RssBytes);
