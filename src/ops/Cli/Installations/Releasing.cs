using Provost.Cli.Commands;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;

namespace Provost.Cli.Installations;

/// <summary>What the verbs that bring a release live have in common: building one, being alone, reporting, noting.</summary>
internal static class Releasing
{
    /// <summary>Builds the release of this checkout, unless it is built and installed, and gives its name.</summary>
    public static async Task<string> CreateAsync(Invocation invocation, LoadedInstallation loaded, string? version, bool verbose)
    {
        var checkout = Invocation.Checkout ?? throw new OperationError(
            ErrorKind.Machine, "there is no checkout to build a release from", "name an installed release (provost releases), or run provost from a checkout of its sources");
        using var building = await Runbooks.Locks.CheckoutLock.WaitAsync(checkout, invocation.Terminal.Say, invocation.Time, invocation.Cancellation);
        var fingerprint = Build.Fingerprint(checkout);
        var release = $"{version ?? ToolVersion.Short}+{fingerprint}";
        List<Step> steps = [.. Build.IsCurrent(checkout, fingerprint) ? [] : Build.Steps(checkout, fingerprint)];
        if (!ReleaseFolder.IsInstalled(loaded.State, release))
        {
            steps.Add(new Step.InstallRelease(checkout, loaded.State, release));
        }
        await new PlanRunner(invocation.Time, new PlanTalk(invocation.Terminal, verbose)).RunAsync(new Plan($"Create release {release}", steps), invocation.Cancellation);
        await ReleaseManifest.OfAsync(loaded.State, release, invocation.Time, invocation.Cancellation);
        return release;
    }

    public static async Task SettleAsync(Invocation invocation, StateDirectory state)
    {
        if (await InterruptedDeployment.SettleAsync(state, Environment.ProcessPath!, invocation.Time, invocation.Cancellation) is { } settled)
        {
            invocation.Terminal.Say(settled);
        }
    }

    /// <summary>Settles what an earlier owner of the lock left behind, deploys, notes it in the ledger.</summary>
    public static async Task<DeployReport> DeployAsync(Invocation invocation, DeployRequest request)
    {
        await SettleAsync(invocation, request.State);
        var report = await new Deployment(request, new PlanTalk(invocation.Terminal, false), invocation.Time).RunAsync(invocation.Cancellation);
        new DeployHistory(request.State, invocation.Time).Note(request, report);
        return report;
    }
}
