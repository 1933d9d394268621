using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Tests.Kubernetes;

/// <summary>The client library of Kubernetes for .NET reads every object into its typed model and gives the same back.</summary>
public sealed class TypedModelTests
{
    private static readonly Dictionary<string, Func<string, string>> Models = new()
    {
        ["Namespace"] = Through<V1Namespace>,
        ["ResourceQuota"] = Through<V1ResourceQuota>,
        ["LimitRange"] = Through<V1LimitRange>,
        ["ServiceAccount"] = Through<V1ServiceAccount>,
        ["Role"] = Through<V1Role>,
        ["RoleBinding"] = Through<V1RoleBinding>,
        ["NetworkPolicy"] = Through<V1NetworkPolicy>,
        ["ConfigMap"] = Through<V1ConfigMap>,
        ["Service"] = Through<V1Service>,
        ["Deployment"] = Through<V1Deployment>,
        ["StatefulSet"] = Through<V1StatefulSet>,
        ["Job"] = Through<V1Job>,
        ["CronJob"] = Through<V1CronJob>,
        ["Ingress"] = Through<V1Ingress>,
        ["HorizontalPodAutoscaler"] = Through<V2HorizontalPodAutoscaler>,
        ["PodDisruptionBudget"] = Through<V1PodDisruptionBudget>,
        ["PriorityClass"] = Through<V1PriorityClass>,
        ["PersistentVolumeClaim"] = Through<V1PersistentVolumeClaim>,
    };

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Every_object_is_what_the_client_library_knows(string name) => Assert.All(
        Cases.Manifests(name).Where(manifest => Models.ContainsKey(manifest.Kind)), manifest =>
        {
            var back = JsonNode.Parse(Models[manifest.Kind](manifest.Body.ToJsonString()));
            Assert.True(JsonNode.DeepEquals(manifest.Body, back), $"{manifest}\n{manifest.Body}\n{back}");
        });

    [Fact]
    public void Only_kinds_of_operators_have_no_model() => Assert.Equal(
        ["Certificate", "ExternalSecret", "HTTPRoute"],
        Cases.Names.SelectMany(row => Cases.Manifests(row.Data)).Select(manifest => manifest.Kind).Where(kind => !Models.ContainsKey(kind)).Distinct().Order());

    private static string Through<T>(string json) => KubernetesJson.Serialize(KubernetesJson.Deserialize<T>(json));
}
