using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Provost.Cli.Output;

namespace Provost.Cli.Tests.Output;

/// <summary>Scripts read these keys: one that goes or gets another name breaks them.</summary>
public sealed class DeployKeysTests
{
    [Fact]
    public void The_keys_of_deployments_drills_and_releases_are_the_published_ones()
    {
        var json = DeployJson.Plain;
        var keys = string.Concat(
            Of("deploy, rollback", json.DeployReport), Of("deploy, rollback: steps", json.DeployStep), Of("deploy, rollback on Kubernetes", KubernetesJson.Plain.ClusterDeployAnswer),
            Of("drill deploy", json.DrillFigures), Of("releases", json.ReleaseAnswer), Of("releases: deployments", json.DeployedRelease),
            Of("releases --statistics", json.DeployStatistics), Of("smoke", json.SmokeAnswer), Of("smoke: checks", json.SmokeCheck));

        Golden.Matches(keys, "tests/ops/Cli.Tests/Output/deploy-keys.txt");
    }

    [Fact]
    public void A_script_finds_on_Kubernetes_what_it_finds_elsewhere()
    {
        var elsewhere = DeployJson.Plain.DeployReport.Properties.Select(p => p.Name);
        var there = KubernetesJson.Plain.ClusterDeployAnswer.Properties.Select(p => p.Name);
        string[] promised = ["release", "from", "durationSeconds", "steps", "requests", "failed", "longestGapMs", "sessionsMoved", "rolledBack", "reason"];

        Assert.Empty(promised.Except(elsewhere));
        Assert.Empty(promised.Except(there));
    }

    private static string Of(string verb, JsonTypeInfo type) => $"{verb}: {string.Join(' ', type.Properties.Select(p => p.Name))}\n";
}
