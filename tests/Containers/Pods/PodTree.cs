using k8s;
using k8s.Models;

namespace Provost.Containers.Tests.Pods;

/// <summary>A rendered tree, as a cluster would hold it after <c>kubectl apply -k</c>.</summary>
internal sealed class PodTree(IReadOnlyList<object> objects)
{
    public static PodTree Read(string folder) => new([
        .. Directory.EnumerateFiles(Path.Combine(folder, "base"), "*.yaml").Where(file => Path.GetFileName(file) != "kustomization.yaml")
            .Order(StringComparer.Ordinal).SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true)),
    ]);

    public IEnumerable<T> All<T>() => objects.OfType<T>();

    public IReadOnlyDictionary<string, string> ConfigMap(string name) => (IReadOnlyDictionary<string, string>)All<V1ConfigMap>().Single(map => map.Metadata.Name == name).Data;

    /// <summary>The first pod of every workload.</summary>
    public IEnumerable<Pod> Workloads =>
    [
        .. All<V1StatefulSet>().Select(set => new Pod($"{set.Metadata.Name}-0", set.Spec.Template, [.. set.Spec.VolumeClaimTemplates ?? []])),
        .. All<V1Deployment>().Select(deployment => new Pod($"{deployment.Metadata.Name}-a", deployment.Spec.Template, [])),
    ];

    public Pod Job(string name)
    {
        var job = All<V1Job>().Single(job => job.Metadata.Name.StartsWith(name + "-", StringComparison.Ordinal));
        return new Pod(job.Metadata.Name, job.Spec.Template, []);
    }

    /// <summary>The pod of a CronJob's next run.</summary>
    public Pod CronJob(string name) => new($"{name}-1", All<V1CronJob>().Single(job => job.Metadata.Name == name).Spec.JobTemplate.Spec.Template, []);

    /// <summary>Names under which pods with these labels are found.</summary>
    public IEnumerable<string> ServicesOf(IDictionary<string, string> labels) =>
        All<V1Service>().Where(service => service.Spec.Selector?.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value) ?? false).Select(service => service.Metadata.Name);

    /// <summary>Whether the account of a pod may do this to a Secret.</summary>
    public bool MayUseSecret(string account, string verb, string? name) => All<V1RoleBinding>()
        .Where(binding => binding.Subjects.Any(subject => subject.Name == account))
        .SelectMany(binding => All<V1Role>().Single(role => role.Metadata.Name == binding.RoleRef.Name).Rules)
        .Any(rule => rule.Resources.Contains("secrets") && rule.Verbs.Contains(verb) && (rule.ResourceNames is null || rule.ResourceNames.Contains(name!)));
}

/// <param name="Claims">Templates of claims: the pod's own volumes.</param>
internal sealed record Pod(string Name, V1PodTemplateSpec Template, IReadOnlyList<V1PersistentVolumeClaim> Claims)
{
    public V1Container Container => Template.Spec.Containers.Single();

    public IDictionary<string, string> Labels => Template.Metadata.Labels;
}
