using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Schedules;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Rollouts;

namespace Provost.Runbooks.Targets.Kubernetes.Backups;

/// <summary>Runs the tool inside of the cluster, where the stores are within reach: a Job from the template of a CronJob, with other words.</summary>
public sealed class ClusterBackup(ApiConnection api, string space, TimeProvider time)
{
    private const string Configuration = "--config";

    // A volume that must be attached and an image that must be pulled take their time.
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private readonly PodTrouble pods = new(api, space);

    /// <summary>What the CronJobs do, and which of them has what a verb needs.</summary>
    public static BackupJob JobFor(IReadOnlyList<string> arguments) =>
        BackupJobs.All.FirstOrDefault(job => arguments.Contains(job.Arguments[1])) ?? BackupJobs.Prune;

    /// <summary>Runs a verb to its end.</summary>
    /// <param name="line">Each line that it writes.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, Action<string> line, CancellationToken cancellation)
    {
        var template = await FindAsync(JobFor(arguments), cancellation) ?? throw new OperationError(
            ErrorKind.NotRunning, $"there is no CronJob for backups in namespace {space} of {api.ClusterName}", "install the release that has it: provost deploy");
        var job = Job(template, arguments);
        await api.SendAsync(HttpMethod.Post, ApiPath.Collection("batch/v1", "Job", space), job.Body, cancellation);
        var pod = await StartedAsync(job.Name, cancellation);
        await foreach (var text in api.LinesAsync($"{ApiPath.Collection("v1", "Pod", space)}/{pod}/log?follow=true", cancellation))
        {
            line(text);
        }
        return await EndAsync(pod, cancellation);
    }

    /// <summary>Makes a backup.</summary>
    /// <returns>Its name; null when the site that runs has no CronJob for backups yet.</returns>
    public async Task<string?> CreateAsync(CancellationToken cancellation)
    {
        if (await FindAsync(BackupJobs.Create, cancellation) is null)
        {
            return null;
        }
        List<string> lines = [];
        var exit = await RunAsync(["backup", "create", "--json"], lines.Add, cancellation);
        return exit == 0 && lines.LastOrDefault(line => line.StartsWith('{')) is { } answer
            ? (string)JsonNode.Parse(answer)!["id"]!
            : throw new OperationError(ErrorKind.Failed, $"the backup before the deployment was not made (exit code {exit})", "correct what it says; or deploy without one: --no-backup", lines);
    }

    private Task<JsonObject?> FindAsync(BackupJob job, CancellationToken cancellation) => api.FindAsync($"{ApiPath.Collection("batch/v1", "CronJob", space)}/{job.Name}", cancellation);

    // As `kubectl create job --from` does it; once, and gone a day after.
    private Manifest Job(JsonObject cronJob, IReadOnlyList<string> arguments)
    {
        var template = cronJob["spec"]!["jobTemplate"]!;
        var spec = template["spec"]!.DeepClone().AsObject();
        var container = spec["template"]!["spec"]!["containers"]![0]!;
        var site = container["args"]!.AsArray().Select(word => (string)word!).SkipWhile(word => word != Configuration);
        container["args"] = new JsonArray([.. arguments.Concat(site).Select(word => (JsonNode)word)]);
        spec["backoffLimit"] = 0;
        spec["ttlSecondsAfterFinished"] = (int)KeptFor.TotalSeconds;
        return new Manifest(new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{(string)cronJob["metadata"]!["name"]!}-by-hand-{Guid.NewGuid().ToString("N")[..8]}",
                ["namespace"] = space,
                ["labels"] = template["metadata"]?["labels"]?.DeepClone(),
                ["annotations"] = new JsonObject { ["cronjob.kubernetes.io/instantiate"] = "manual" },
            },
            ["spec"] = spec,
        });
    }

    private async Task<string> StartedAsync(string job, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var found = await pods.SelectAsync($"job-name={job}", cancellation) is [var first, ..] ? first : null;
            if (found is not null && (string?)found["status"]?["phase"] is "Running" or "Succeeded" or "Failed")
            {
                return (string)found!["metadata"]!["name"]!;
            }
            if (time.GetElapsedTime(start) > StartsWithin)
            {
                IReadOnlyList<string> details = found is null ? await EventsAsync(job, cancellation) : await pods.DescribeAsync(found, cancellation);
                await api.DeleteAsync($"{ApiPath.Collection("batch/v1", "Job", space)}/{job}", CancellationToken.None);
                throw new OperationError(ErrorKind.NotReady, $"the pod of job {job} does not start", "the lines above say why: a node, a volume, an image or a quota that it waits for", details);
            }
            await Task.Delay(Look, time, cancellation);
        }
    }

    private async Task<IReadOnlyList<string>> EventsAsync(string job, CancellationToken cancellation) => [.. await pods.EventsAsync(job, cancellation)];

    private async Task<int> EndAsync(string pod, CancellationToken cancellation)
    {
        while (true)
        {
            var found = await api.FindAsync($"{ApiPath.Collection("v1", "Pod", space)}/{pod}", cancellation)
                ?? throw new OperationError(ErrorKind.Failed, $"pod {pod} was removed before it ended", "run this again");
            if (PodTrouble.Containers(found).Select(c => c["state"]?["terminated"]).FirstOrDefault(ended => ended is not null) is { } ended)
            {
                return (int?)ended["exitCode"] ?? 1;
            }
            await Task.Delay(Look, time, cancellation);
        }
    }
}
