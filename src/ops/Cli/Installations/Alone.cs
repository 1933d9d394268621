using System.CommandLine;
using Provost.Cli.Commands;
using Provost.Runbooks.Locks;
using Provost.Topology.Model;

namespace Provost.Cli.Installations;

/// <summary>The lock of the verbs that stop or close something: beside a deployment they would fight it.</summary>
internal static class Alone
{
    public static Option<bool> Force() => new("--force") { Description = "Also while another operation works on the installation: it ends at its next step" };

    /// <returns>Held until disposed; null where there is nothing to hold.</returns>
    public static OperationLock? Take(Invocation invocation, LoadedInstallation loaded, string purpose, bool force)
    {
        if (loaded.Site.Target is Target.Kubernetes || !loaded.State.Exists)
        {
            return null;
        }
        if (force)
        {
            OperationLock.Release(loaded.State, force: true, invocation.Time);
        }
        return OperationLock.Take(loaded.State, purpose, invocation.Time);
    }
}
