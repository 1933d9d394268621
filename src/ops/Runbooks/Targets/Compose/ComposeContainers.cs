using System.Text.Json.Nodes;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>A container of a site, as the engine says.</summary>
/// <param name="Ports">Published address by port of the container: "8080/tcp".</param>
internal sealed record SiteContainer(
    string Id, string Service, ReplicaStatus Replica, string Image, IReadOnlyDictionary<string, string> Environment, IReadOnlyDictionary<string, (string Address, int Port)> Ports, string? LastAnswer)
{
    /// <summary>The command that asks it whether it is ready.</summary>
    public IReadOnlyList<string> Healthcheck { get; init; } = [];

    public static SiteContainer Read(JsonNode container)
    {
        var labels = container["Config"]!["Labels"]!;
        var environment = (container["Config"]!["Env"]?.AsArray() ?? []).Select(e => ((string)e!).Split('=', 2)).ToDictionary(e => e[0], e => e.ElementAtOrDefault(1) ?? "");
        var ports = (At(container["NetworkSettings"], "Ports")?.AsObject() ?? []).Where(p => p.Value is JsonArray { Count: > 0 })
            .ToDictionary(p => p.Key, p => ((string)p.Value![0]!["HostIp"]!, int.Parse((string)p.Value[0]!["HostPort"]!, System.Globalization.CultureInfo.InvariantCulture)));
        var answer = container["State"]!["Health"]?["Log"]?.AsArray().LastOrDefault()?["Output"];
        return new SiteContainer(
            (string)At(container, "Id")!, (string)labels["com.docker.compose.service"]!, Status(container, labels), (string)At(container["Config"], "Image")!, environment, ports, ((string?)answer)?.Trim())
        {
            Healthcheck = [.. (At(At(container["Config"], "Healthcheck"), "Test")?.AsArray() ?? []).Skip(1).Select(word => (string)word!)],
        };
    }

    private static JsonNode? At(JsonNode? node, string key) => node?[key];

    private static ReplicaStatus Status(JsonNode container, JsonNode labels)
    {
        var state = container["State"]!;
        var (status, health, pid) = ((string)state["Status"]!, (string?)state["Health"]?["Status"], (int)state["Pid"]!);
        var ready = status == "running" && health is "healthy" or null;
        return new ReplicaStatus(
            (string?)labels["provost.replica"] ?? (string)labels["com.docker.compose.service"]!, (string?)labels["provost.service"] ?? (string)labels["com.docker.compose.service"]!, pid > 0 ? pid : null, ready, (int)container["RestartCount"]!,
            pid > 0 ? ProcessTable.ResidentBytes(pid) : 0, PhaseOf(status, health), null, ready ? null : Problem(state, status, health), status == "restarting");
    }

    private static Phase PhaseOf(string status, string? health) => (status, health) switch
    {
        ("created", _) => Phase.Waiting,
        ("running", "starting") => Phase.Starting,
        ("running", _) => Phase.Running,
        ("restarting", _) => Phase.BackingOff,
        _ => Phase.Stopped,
    };

    private static string Problem(JsonNode state, string status, string? health) =>
        (bool?)state["OOMKilled"] == true ? "ended: it needed more memory than its limit"
        : status is "exited" or "dead" or "restarting" ? $"{status} with code {state["ExitCode"]}"
        : status is "created" ? "waits for what it needs"
        : $"{health}: {((string?)state["Health"]?["Log"]?.AsArray().LastOrDefault()?["Output"])?.Trim()}";
}

/// <summary>The containers of a site.</summary>
internal sealed class ComposeContainers(DockerEngine engine, ComposeProject project)
{
    /// <summary>In start order; those that ended too.</summary>
    public Task<IReadOnlyList<SiteContainer>> ReadAsync(CancellationToken cancellation) => ReadAsync(["--filter", "label=provost.replica"], cancellation);

    /// <summary>With the one that makes the secrets, which is no replica of anything and ends.</summary>
    public Task<IReadOnlyList<SiteContainer>> ReadAllAsync(CancellationToken cancellation) => ReadAsync([], cancellation);

    private async Task<IReadOnlyList<SiteContainer>> ReadAsync(string[] filter, CancellationToken cancellation)
    {
        var ids = Lines(await engine.OutputAsync(
            ["ps", "--all", "--no-trunc", "--quiet", "--filter", $"label=com.docker.compose.project={project.Name}", .. filter, "--filter", "label=com.docker.compose.oneoff=False"], cancellation));
        if (ids.Length == 0)
        {
            return [];
        }
        var inspected = JsonNode.Parse(await engine.OutputAsync(["inspect", .. ids], cancellation))!.AsArray();
        var order = Replicas.Services.ToList();
        return [.. inspected.Select(c => SiteContainer.Read(c!)).OrderBy(c => order.IndexOf(c.Replica.Service)).ThenBy(c => c.Replica.Id, StringComparer.Ordinal)];
    }

    /// <summary>The container of one service, whatever its state.</summary>
    public async Task<string> IdAsync(string service, CancellationToken cancellation) => (await engine.OutputAsync(
        [
            "ps", "--all", "--no-trunc", "--quiet", "--filter", $"label=com.docker.compose.project={project.Name}",
            "--filter", $"label=com.docker.compose.service={service}", "--filter", "label=com.docker.compose.oneoff=False",
        ], cancellation)).Trim();

    /// <summary>A small file of a container, running or not: as a stream of the engine, never in an argument or on a disk.</summary>
    public async Task<string> FileAsync(string container, string path, CancellationToken cancellation)
    {
        using var archive = new MemoryStream();
        await engine.StreamAsync(["cp", $"{container}:{path}", "-"], archive, cancellation);
        archive.Position = 0;
        await using var reader = new System.Formats.Tar.TarReader(archive);
        using var content = new StreamReader((await reader.GetNextEntryAsync(copyData: true, cancellation))?.DataStream ?? Stream.Null);
        return (await content.ReadToEndAsync(cancellation)).Trim();
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
