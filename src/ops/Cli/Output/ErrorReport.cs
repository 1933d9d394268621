using Provost.Cli.Installations;
using Provost.Runbooks;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Cli.Output;

/// <summary>An error as people and scripts read it: what happened, why, what to do.</summary>
internal static class ErrorReport
{
    // What the kernel says when nothing more fits, on the disk or within a quota; .NET passes these numbers on.
    private const int NoSpace = 28;
    private const int OverQuota = 122;

    /// <param name="always">The exit code of a verb whose errors all have the same one.</param>
    public static ExitCode Write(Terminal terminal, Exception error, ExitCode? always = null)
    {
        var (code, detail) = Explain(error);
        return Write(terminal, code is ExitCode.Interrupted ? code : always ?? code, detail);
    }

    private static (ExitCode, ErrorDetail) Explain(Exception error) => error switch
    {
        TopologyRefused refused => Refused(refused),
        OperationError expected => Expected(expected),
        ApiRefusal refusal => Expected(refusal.Explain()),
        IOException { HResult: NoSpace or OverQuota } full => (ExitCode.Machine, new ErrorDetail(
            $"a disk is full: {full.Message}", "free space there, or move the site to another disk (sites.NAME.state); then run the command again", [])),
        UnauthorizedAccessException denied => (ExitCode.Machine, new ErrorDetail(
            $"not allowed: {denied.Message}", "run the command as the user who owns the installation's files, or give that user the right", [])),
        OperationCanceledException => (ExitCode.Interrupted, new ErrorDetail("interrupted", "run the command again: it goes on where it was", [])),
        _ => (ExitCode.Failed, new ErrorDetail(
            $"an error that nobody expected: {error.Message}", "please report it with the lines below", [.. error.ToString().Split('\n').Select(l => l.TrimEnd())])),
    };

    public static ExitCode Usage(Terminal terminal, IReadOnlyList<string> problems, ExitCode? always = null) =>
        Write(terminal, always ?? ExitCode.Usage, new ErrorDetail(problems[0], "provost --help shows all verbs, provost VERB --help its options", [.. problems.Skip(1)]));

    private static (ExitCode, ErrorDetail) Expected(OperationError error) => (ExitCodes.Of(error.Kind), new ErrorDetail(error.Message, error.Remedy, error.Details));

    private static (ExitCode, ErrorDetail) Refused(TopologyRefused refused)
    {
        var problems = refused.Problems.Select(p => new ProblemDetail(p.File, p.Line, p.Column, p.Key, p.Problem, p.Remedy)).ToList();
        var detail = new ErrorDetail(
            refused.Message, "correct the file, then check it with: provost config validate", [.. refused.Problems.Select(p => p.ToString())], problems);
        return (ExitCode.Configuration, detail);
    }

    private static ExitCode Write(Terminal terminal, ExitCode code, ErrorDetail detail)
    {
        if (terminal.Json)
        {
            terminal.Write(new ErrorAnswer(detail, (int)code), AnswerJson.Plain.ErrorAnswer);
            return code;
        }
        terminal.Say($"error: {detail.What}");
        foreach (var line in detail.Details)
        {
            terminal.Say($"  {line}");
        }
        terminal.Say($"what to do: {detail.Remedy}");
        return code;
    }
}
