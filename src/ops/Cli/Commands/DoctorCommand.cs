using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Images.Registries;

namespace Provost.Cli.Commands;

/// <summary>provost doctor: looks at the machine and at what runs; a remedy beside each finding.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Look at the machine and at what runs; a remedy beside each finding");
        command.Does(async invocation =>
        {
            var (terminal, loaded) = (invocation.Terminal, invocation.Load());
            var findings = await invocation.Target(loaded).ExamineAsync(invocation.Cancellation);
            findings = [.. findings, .. await RegistryHealth.ExamineAsync(
                ConfiguredRegistry.Of(loaded.Installation), RegistryContainer.Of(loaded.TargetSite()), invocation.Time, invocation.Cancellation)];
            if (loaded.State.Exists)
            {
                findings = [.. findings, .. BackupHealth.Examine(await invocation.BackupHealthAsync(loaded), loaded.State.Started, invocation.Time)];
            }
            return Report(terminal, findings);
        });
        return command;
    }

    /// <summary>Findings for people or machines; the exit code says whether all is well.</summary>
    public static ExitCode Report(Terminal terminal, IReadOnlyList<Finding> findings)
    {
        var healthy = findings.All(f => f.Ok);
        if (terminal.Json)
        {
            terminal.Write(new DoctorAnswer(healthy, findings), AnswerJson.Plain.DoctorAnswer);
            return healthy ? ExitCode.Success : ExitCode.Machine;
        }
        foreach (var finding in findings)
        {
            terminal.Output.WriteLine($"{(finding.Ok ? "ok  " : "FAIL")} {finding.Check,-12} {finding.What}");
            if (finding.Remedy is { } remedy)
            {
                terminal.Output.WriteLine($"     {"",-12} {remedy}");
            }
        }
        return healthy ? ExitCode.Success : ExitCode.Machine;
    }
}
