using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Agent.Tests;

/// <summary>A state directory with an agent process of its own, and small services that it looks after.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    public static string Service { get; } = Path.Combine(AppContext.BaseDirectory, "Provost.TestService");

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10), DefaultRequestHeaders = { ConnectionClose = true } };
    private readonly List<ReplicaSpec> replicas = [];
    private readonly List<SocketSpec> sockets = [];

    public TestSite()
    {
        State = new StateDirectory(Directory.CreateTempSubdirectory("provost-agent-").FullName);
        State.Create();
        Client = new AgentClient(State.AgentSocket);
    }

    public StateDirectory State { get; }

    public AgentClient Client { get; }

    public ProbeSpec Probes { get; set; } = new(0.2, 1, 5, 30);

    public LogSpec Logs { get; set; } = new(1 << 20, 3);

    public int AgentPid { get; private set; }

    public int Port(string socket) => sockets.Single(s => s.Name == socket).Port;

    /// <summary>A small service on a socket of its own, or on one that it shares.</summary>
    public ReplicaSpec Add(string id, string? sharedSocket = null, string[]? arguments = null, string? program = null)
    {
        var socket = sharedSocket ?? id;
        if (!sockets.Exists(s => s.Name == socket))
        {
            sockets.Add(new SocketSpec(socket, "127.0.0.1", Harness.FreePort.Next()));
        }
        var spec = new ReplicaSpec(
            id, id[..id.LastIndexOf('-')], program ?? Service, arguments ?? [],
            new Dictionary<string, string>
            {
                ["PROVOST_Listen__HandOver"] = $"{State.Run}/{id}.handover",
                ["PROVOST_Logs__File"] = State.LogFile(id),
                ["PROVOST_Secrets__Directory"] = $"{State.Secrets}/{id}",
                ["PROVOST_Service__Replica"] = id,
            },
            [socket], [], new ProbeTarget.Http(Port(socket)), State.LogFile(id), true, 10);
        Put(spec);
        return spec;
    }

    /// <summary>The socket of that name is to be on another port from the next time that the specification is written.</summary>
    public void Move(string socket)
    {
        sockets.RemoveAll(s => s.Name == socket);
        sockets.Add(new SocketSpec(socket, "127.0.0.1", Harness.FreePort.Next()));
    }

    public void Put(ReplicaSpec spec)
    {
        replicas.RemoveAll(r => r.Id == spec.Id);
        replicas.Add(spec);
    }

    public void Write() => PrivateFiles.Write(State.SiteSpec, JsonSerializer.SerializeToUtf8Bytes(
        new SiteSpec("test", "local", "1.0.0", "digest", "http://localhost", State.Root, State.Run, sockets, replicas, Probes, Logs, null), SiteSpecJson.Default.SiteSpec));

    public void StartAgent()
    {
        Write();
        var environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["HOME"] = State.Root };
        AgentPid = Spawn.Start(new SpawnRequest(Service, ["agent", "run", "--state", State.Root], environment, [], State.AgentLog));
    }

    public void KillAgent()
    {
        Assert.Equal(0, Native.SendSignal(AgentPid, Native.Kill));
        Native.WaitPid(AgentPid, out _, 0);
    }

    public static void Kill(int pid) => Assert.Equal(0, Native.SendSignal(pid, Native.Kill));

    public Task<ReplicaStatus> ReadyAsync(string id) => UntilAsync(id, r => r.Ready, "ready");

    public async Task<ReplicaStatus> UntilAsync(string id, Func<ReplicaStatus, bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        ReplicaStatus? last = null;
        while (watch.Elapsed < TimeSpan.FromSeconds(40))
        {
            last = (await Client.StatusAsync(TestContext.Current.CancellationToken))?.Replicas.FirstOrDefault(r => r.Id == id);
            if (last is not null && condition(last))
            {
                return last;
            }
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException($"{id} is not {what}: {last}. Agent's log:\n{string.Join('\n', LogTail.Last(State.AgentLog, 40))}");
    }

    public Task<string> GetAsync(string socket, string path) =>
        http.GetStringAsync(new Uri($"http://127.0.0.1:{Port(socket).ToString(CultureInfo.InvariantCulture)}{path}"), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Client.StopAsync(limit.Token);
        foreach (var (pid, _) in ProcessTable.Leaders("PROVOST_Secrets__Directory", State.Secrets + "/"))
        {
            _ = Native.SendSignal(pid, Native.Kill);
        }
        _ = AgentPid == 0 ? 0 : Native.SendSignal(AgentPid, Native.Kill);
        _ = AgentPid == 0 ? 0 : Native.WaitPid(AgentPid, out _, 0);
        Client.Dispose();
        http.Dispose();
        Directory.Delete(State.Root, recursive: true);
    }
}
