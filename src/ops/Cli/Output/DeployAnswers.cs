using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Drills.Deploy;

namespace Provost.Cli.Output;

internal sealed record ReleaseAnswer(
    string Release, bool Live, DateTimeOffset Created, string CreatedBy, int SchemaMinimum, int SchemaMaximum, IReadOnlyDictionary<string, string> Artefacts,
    IReadOnlyList<DeployedRelease> Deployments);

internal sealed record SmokeAnswer(bool Passed, IReadOnlyList<SmokeCheck> Checks);

[JsonSerializable(typeof(DeployReport))]
[JsonSerializable(typeof(ReleaseAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ReleaseAnswer>))]
[JsonSerializable(typeof(SmokeAnswer))]
[JsonSerializable(typeof(DrillFigures))]
[JsonSerializable(typeof(DeployStatistics))]
internal sealed partial class DeployJson : JsonSerializerContext
{
    public static DeployJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>The end of a deployment as people read it.</summary>
internal static class DeployTalk
{
    public static ExitCode Write(Terminal terminal, DeployReport report)
    {
        if (terminal.Json)
        {
            terminal.Write(report, DeployJson.Plain.DeployReport);
        }
        else if (report.Reason is not null)
        {
            Failed(terminal, report);
        }
        else
        {
            terminal.Output.WriteLine($"{report.Release} is live (before: {report.From}).");
        }
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.DurationSeconds:0.0} s; {report.Requests} requests, {report.Failed} failed, longest gap {report.LongestGapMs:0} ms, {report.SessionsMoved} live sessions moved"));
        foreach (var note in report.Notes)
        {
            terminal.Say($"note: {note}");
        }
        return report.RolledBack ? ExitCode.Returned : report.Reason is null ? ExitCode.Success : ExitCode.Failed;
    }

    private static void Failed(Terminal terminal, DeployReport report)
    {
        terminal.Say(report.RolledBack ? $"error: {report.Release} did not go live: {report.Reason}" : $"error: {report.Reason}");
        foreach (var line in report.Details)
        {
            terminal.Say($"  {line}");
        }
        foreach (var line in report.Undone)
        {
            terminal.Say($"undone: {line}");
        }
        terminal.Say($"what to do: {report.Remedy}");
        terminal.Output.WriteLine($"{(report.RolledBack ? report.From : report.Release)} serves.");
    }
}
