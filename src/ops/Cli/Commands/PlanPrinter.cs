using Provost.Cli.Output;
using Provost.Runbooks.Plans;

namespace Provost.Cli.Commands;

internal static class PlanPrinter
{
    public static ExitCode Print(Terminal terminal, Plan plan)
    {
        if (terminal.Json)
        {
            terminal.Write(new PlanAnswer(plan.Title, [.. plan.Steps.Select(s => s.Describe())]), AnswerJson.Plain.PlanAnswer);
            return ExitCode.Success;
        }
        terminal.Output.WriteLine(plan.Title);
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            terminal.Output.WriteLine($"{i + 1,3}. {plan.Steps[i].Describe()}");
        }
        return ExitCode.Success;
    }
}
