using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;

namespace Provost.Cli.Commands;

/// <summary>provost status: every replica, whether it is ready, how often it was started anew.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Show every replica; exit 0 only when all are ready");
        command.AddCluster();
        command.Does(async invocation =>
        {
            if (invocation.IsOnKubernetes())
            {
                return await KubernetesVerbs.StatusAsync(invocation);
            }
            var (terminal, loaded) = (invocation.Terminal, invocation.Load());
            var site = await invocation.Target(loaded).StatusAsync(invocation.Cancellation);
            var answer = Answer(loaded, site);
            answer = answer with
            {
                Backup = await invocation.BackupHealthAsync(loaded),
                Registry = RegistryContainer.Of(loaded.TargetSite()) is { } registry ? await RegistryHealth.OfAsync(registry, invocation.Cancellation) : null,
            };
            if (terminal.Json)
            {
                terminal.Write(answer, AnswerJson.Plain.StatusAnswer);
            }
            else
            {
                Print(terminal, answer, site);
            }
            return answer.Healthy ? ExitCode.Success : site.Status is null ? ExitCode.NotRunning : ExitCode.NotReady;
        });
        return command;
    }

    private static StatusAnswer Answer(LoadedInstallation loaded, SiteStatus site)
    {
        var status = site.Status;
        var urls = new Dictionary<string, string> { ["web"] = status?.PublicUrl ?? loaded.Site.PublicUrl().AbsoluteUri.TrimEnd('/') };
        if (status is null)
        {
            return new StatusAnswer(loaded.Installation.Name, false, null, urls, false, []);
        }
        // Under Compose the agent is a replica like others, where there is one.
        var services = Replicas.Services.Union(status.Replicas.Select(r => r.Service))
            .Select(name => new ServiceAnswer(name, [.. status.Replicas.Where(r => r.Service == name)
                .Select(r => new ReplicaAnswer(r.Id, r.Pid, r.Ready, r.Restarts, r.RssBytes, Phase(r), r.Problem))]))
            .Where(s => s.Replicas.Count > 0).ToList();
        if (site.AgentRuns && status.Pid > 0)
        {
            services.Add(new ServiceAnswer("agent", [new ReplicaAnswer("agent-1", status.Pid, true, 0, status.RssBytes, "running", null)]));
        }
        return new StatusAnswer(status.Installation, site.AgentRuns && status.Replicas.All(r => r.Ready), status.Release, urls, site.AgentRuns, services);
    }

    private static string Phase(ReplicaStatus replica) => replica.CrashLoop ? "crashLoop" : char.ToLowerInvariant(replica.Phase.ToString()[0]) + replica.Phase.ToString()[1..];

    private static void Print(Terminal terminal, StatusAnswer answer, SiteStatus site)
    {
        if (site.Status is null)
        {
            terminal.Say($"{answer.Installation} does not run. Start it with: provost up -d");
            return;
        }
        terminal.Output.WriteLine($"{answer.Installation} {answer.Release}  {answer.Urls["web"]}  {(answer.Healthy ? "healthy" : "not healthy")}");
        foreach (var replica in answer.Services.SelectMany(s => s.Replicas))
        {
            var memory = (replica.RssBytes / 1048576.0).ToString("0", CultureInfo.InvariantCulture);
            terminal.Output.WriteLine(
                $"  {replica.Id,-14} {(replica.Ready ? "ready" : replica.Phase),-12} pid {replica.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",-8} {memory,5} MiB  {replica.Restarts} restarts  {replica.Problem}".TrimEnd());
        }
        if (answer.Backup is { } backup)
        {
            terminal.Output.WriteLine($"  backup         {backup}");
        }
        if (answer.Registry is { } registry)
        {
            terminal.Output.WriteLine($"  registry       {registry}");
        }
        if (!site.AgentRuns)
        {
            terminal.Say("The agent is down: services go on, but nobody restarts them. Bring it back with: provost up -d");
        }
    }
}
