using Provost.Cli.Commands;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Tools;
using Provost.Runbooks.Up;
using Provost.Topology.Model;

namespace Provost.Cli.Installations;

/// <summary>What the verbs that bring a release live have in common: building one, being alone, reporting, noting.</summary>
internal static class Releasing
{
    /// <summary>Builds the release of this checkout, unless it is built and installed, and gives its name.</summary>
    public static Task<string> CreateAsync(Invocation invocation, LoadedInstallation loaded, string? version, bool verbose) =>
        loaded.Site.Target is Target.Compose ? CreateFromImagesAsync(invocation, loaded, version, verbose) : CreateFromProjectsAsync(invocation, loaded, version, verbose);

    private static async Task<string> CreateFromProjectsAsync(Invocation invocation, LoadedInstallation loaded, string? version, bool verbose)
    {
        var checkout = Invocation.Checkout ?? throw new OperationError(
            ErrorKind.Machine, "there is no checkout to build a release from", "name an installed release (provost releases), or run provost from a checkout of its sources");
        using var building = await Runbooks.Locks.CheckoutLock.WaitAsync(checkout, invocation.Terminal.Say, invocation.Time, invocation.Cancellation);
        var fingerprint = Build.Fingerprint(checkout);
        var release = $"{version ?? ToolVersion.Short}+{fingerprint}";
        List<Step> steps = [.. Build.IsCurrent(checkout, fingerprint) ? [] : Build.Steps(checkout, fingerprint)];
        if (!ReleaseFolder.IsInstalled(loaded.State, release))
        {
            steps.Add(new Step.InstallRelease(checkout, loaded.State, release, loaded.Site.Releases.Keep));
        }
        await new PlanRunner(invocation.Time, new PlanTalk(invocation.Terminal, verbose)).RunAsync(new Plan($"Create release {release}", steps), invocation.Cancellation);
        await ReleaseManifest.OfAsync(loaded.State, release, invocation.Time, invocation.Cancellation);
        return release;
    }

    // The images that the lock file names, or those of this checkout.
    private static async Task<string> CreateFromImagesAsync(Invocation invocation, LoadedInstallation loaded, string? version, bool verbose)
    {
        var engine = new DockerEngine();
        await engine.RequireAsync(invocation.Cancellation);
        using var building = await Runbooks.Locks.CheckoutLock.WaitAsync(Invocation.Checkout, invocation.Terminal.Say, invocation.Time, invocation.Cancellation);
        var request = new ComposeUpRequest(loaded.TargetSite(), version ?? ToolVersion.Short, UpCommand.ImagePrefix, Demonstration: false, loaded.Text);
        var (images, build) = await ComposeImages.OfAsync(request, engine, invocation.Cancellation);
        List<Step> steps = [.. build, new Step.FetchImages(images.Run(loaded.Site), ConfiguredRegistry.Of(loaded.Installation)?.Address)];
        await new PlanRunner(invocation.Time, new PlanTalk(invocation.Terminal, verbose)).RunAsync(new Plan($"Create release {images.Release}", steps), invocation.Cancellation);
        await KeepAsync(invocation, loaded, images);
        return images.Release;
    }

    public static Task KeepAsync(Invocation invocation, LoadedInstallation loaded, DeployedImages images) => ImageRelease.KeepAsync(
        loaded.State, images, loaded.Site, RunningSite.ReleaseOf(loaded.TargetSite()), invocation.Time, invocation.Cancellation);

    public static async Task SettleAsync(Invocation invocation, LoadedInstallation loaded)
    {
        if (await InterruptedDeployment.SettleAsync(loaded.TargetSite(), Environment.ProcessPath!, invocation.Terminal.Say, invocation.Time, invocation.Cancellation) is { } settled)
        {
            invocation.Terminal.Say(settled);
        }
    }

    /// <summary>Settles what an earlier owner of the lock left behind, then deploys.</summary>
    public static async Task<DeployReport> DeployAsync(Invocation invocation, LoadedInstallation loaded, DeployRequest request)
    {
        await SettleAsync(invocation, loaded);
        DeployMetrics.Begin(request.State, invocation.Time);
        try
        {
            return await new Deployment(request, new PlanTalk(invocation.Terminal, false), invocation.Time).RunAsync(invocation.Cancellation);
        }
        finally
        {
            DeployMetrics.End(request.State, invocation.Time);
        }
    }
}
