using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Logs;
using Provost.Topology.Model;

namespace Provost.Cli.Commands;

/// <summary>provost logs: what the replicas wrote, in the order of time.</summary>
internal static class LogsCommand
{
    private const int DefaultTail = 100;
    private static readonly Argument<string[]> Services = new("SERVICE") { Description = "Services or replicas: api, gateway-1, agent (default: all)", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Go on with new lines until Ctrl-C" };
    private static readonly Option<string?> Since = new("--since") { Description = "Only lines of the last 10m, 2h, 1d, or from a time like 2026-01-31T08:00Z", HelpName = "TIME" };
    private static readonly Option<int?> Tail = new("--tail") { Description = $"Only the last N lines of each replica (default: {DefaultTail}, or all with --since)", HelpName = "N" };

    public static Command Create()
    {
        var command = new Command("logs", "Show what the replicas wrote") { Services, Follow, Since, Tail };
        command.AddCluster();
        command.Does(async invocation =>
        {
            var parsed = invocation.Parsed;
            var since = parsed.GetValue(Since) is { } text ? Parse(text, invocation.Time) : (DateTimeOffset?)null;
            var tail = parsed.GetValue(Tail) ?? (since is null ? DefaultTail : null);
            var request = new LogRequest(parsed.GetValue(Services) ?? [], since, tail, parsed.GetValue(Follow));
            if (invocation.IsOnKubernetes())
            {
                return await KubernetesVerbs.LogsAsync(invocation, request);
            }
            await foreach (var line in invocation.Target().LogsAsync(request, invocation.Cancellation))
            {
                Write(invocation.Terminal, line);
            }
            return ExitCode.Success;
        });
        return command;
    }

    public static void Write(Terminal terminal, LogLine line)
    {
        if (terminal.Json)
        {
            terminal.Write(new LogAnswer(line.Replica, line.At, line.Level, line.Text), AnswerJson.Plain.LogAnswer);
            return;
        }
        var at = line.At?.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture) ?? "";
        terminal.Output.WriteLine($"{at,-12} {line.Replica,-12} {line.Level,-11} {line.Text}");
    }

    private static DateTimeOffset Parse(string text, TimeProvider time) =>
        Duration.TryParse(text, out var span) ? time.GetUtcNow() - span
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at) ? at
        : throw new OperationError(ErrorKind.Refused, $"--since \"{text}\" is neither a duration nor a time", "write 30s, 10m, 2h, 1d, or a time like 2026-01-31T08:00Z");
}
