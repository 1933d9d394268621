using System.CommandLine;

namespace Provost.Cli.Commands;

/// <summary>provost drill: each promise is proven on the operator's own installation, and the proof goes to the ledger.</summary>
internal static class DrillCommand
{
    public static Command Create() => new("drill", "Prove a promise on this installation and write the evidence to the ledger")
    {
        DrillDeployCommand.Create(), DrillRecoveryCommands.Restore(), DrillRecoveryCommands.Failover(), DrillRecoveryCommands.Report(),
    };
}
