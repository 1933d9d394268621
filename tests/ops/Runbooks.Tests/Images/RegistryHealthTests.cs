using Provost.Runbooks.Images.Registries;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Images;

public sealed class RegistryHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RegistryHealth Well = new("localhost:5000/provost", true, null, Now.AddDays(80), 50_000);

    [Fact]
    public void All_is_well()
    {
        Assert.All(Well.Findings("/registry", Now), finding => Assert.True(finding.Ok));
        Assert.Equal("localhost:5000/provost answers, certificate until 2026-07-20, 50000 MiB free", Well.ToString());
    }

    [Fact]
    public void What_is_wrong_has_its_remedy()
    {
        var findings = new RegistryHealth("localhost:5000/provost", false, "it cannot be reached", Now.AddDays(10), 100).Findings("/registry", Now);

        Assert.Equal(["it cannot be reached", "its certificate is good until 2026-05-11", "only 100 MiB are free where its images lie (/registry)"], findings.Select(f => f.What));
        Assert.All(findings, finding => Assert.False(finding.Ok));
        Assert.Contains("provost up -d", findings[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("renews it", findings[1].Remedy, StringComparison.Ordinal);
        Assert.Contains("provost images prune", findings[2].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_that_nobody_answers_at_is_a_finding()
    {
        var configured = ConfiguredRegistry.Of(new Installation { Registry = new() { Address = "localhost:1/p" } });

        var finding = Assert.Single(await RegistryHealth.ExamineAsync(configured, null, TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.False(finding.Ok);
        Assert.Contains("localhost:1 cannot be reached", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task None_and_that_of_another_site_are_no_finding()
    {
        var own = ConfiguredRegistry.Of(new Installation { Registry = new() { Own = new() } });

        Assert.Empty(await RegistryHealth.ExamineAsync(null, null, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Empty(await RegistryHealth.ExamineAsync(own, null, TimeProvider.System, TestContext.Current.CancellationToken));
    }
}
