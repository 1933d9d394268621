using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Deploy;

namespace Provost.Cli.Commands;

/// <summary>provost smoke: what every user needs, tried through the public door.</summary>
internal static class SmokeCommand
{
    public static Command Create()
    {
        var command = new Command("smoke", "Try page, files, session and release through the edge; exit 0 only when all is well");
        command.Does(async invocation =>
        {
            await using var site = await RunningSite.ReadAsync(invocation.Load().RequireMachine().TargetSite(), invocation.Cancellation);
            var checks = await new Smoke(site.Door, site.Release, invocation.Time).RunAsync(invocation.Cancellation);
            var passed = checks.All(c => c.Ok);
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new SmokeAnswer(passed, checks), DeployJson.Plain.SmokeAnswer);
                return passed ? ExitCode.Success : ExitCode.Failed;
            }
            foreach (var check in checks)
            {
                invocation.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(check.Ok ? "ok  " : "FAIL")} {check.Check,-10} {check.Milliseconds,7:0.0} ms  {check.What}"));
            }
            return passed ? ExitCode.Success : ExitCode.Failed;
        });
        return command;
    }
}
