using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Provost.Cli.Output;
using Provost.Runbooks.Operator;

namespace Provost.Cli.Commands;

/// <summary>provost import: sends a gradebook to the platform and reports what was understood.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A gradebook (CSV, or a ZIP of one), or the folder of an OULAD export" };
    private static readonly Option<string> Course = new("--course") { Description = "The course; it is made when it does not exist", HelpName = "NAME", Required = true };

    public static Command Create()
    {
        var command = new Command("import", "Import a gradebook; the same file twice changes nothing") { File, Course };
        command.AddCluster();
        command.Does(async invocation =>
        {
            var terminal = invocation.Terminal;
            var source = ImportSource.From(invocation.Parsed.GetRequiredValue(File));
            using var platform = await invocation.OperatorAsync();
            var progress = new ImportProgress(terminal);
            var report = await platform.ImportAsync(source, invocation.Parsed.GetRequiredValue(Course), progress.Show, invocation.Cancellation);
            progress.End();
            if (report.ValueKind == JsonValueKind.Array)
            {
                terminal.Say($"--course \"{invocation.Parsed.GetValue(Course)}\" was not used: the file holds {report.GetArrayLength()} courses, and each has its name from there");
            }
            if (terminal.Json)
            {
                terminal.Write(report, AnswerJson.Plain.JsonElement);
                return ExitCode.Success;
            }
            foreach (var one in report.ValueKind == JsonValueKind.Array ? report.EnumerateArray().ToList() : [report])
            {
                Print(terminal, one);
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(Terminal terminal, JsonElement report)
    {
        var cells = report.GetProperty("cells");
        int Count(string name) => cells.GetProperty(name).GetInt32();
        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.GetProperty("course").GetString()}: {report.GetProperty("students")} students, {report.GetProperty("assessments")} assessments; {Count("graded")} graded, {Count("missing")} missing, {Count("excused")} excused, {Count("pending")} pending, {Count("notDue")} not due{(report.GetProperty("changed").GetBoolean() ? "" : " (nothing changed)")}"));
        foreach (var guess in report.GetProperty("guesses").EnumerateArray())
        {
            terminal.Output.WriteLine($"  guessed: {guess.GetString()}");
        }
        foreach (var column in report.GetProperty("ignoredColumns").EnumerateArray())
        {
            terminal.Output.WriteLine(column.ValueKind == JsonValueKind.Object
                ? $"  ignored: {column.GetProperty("name").GetString()} ({column.GetProperty("reason").GetString()})"
                : $"  ignored: {column.GetString()}");
        }
        foreach (var warning in report.TryGetProperty("warnings", out var warnings) ? warnings.EnumerateArray().ToList() : [])
        {
            terminal.Say($"  left out: {warning.GetString()}");
        }
    }
}
