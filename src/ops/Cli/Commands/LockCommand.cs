using System.CommandLine;
using System.Globalization;
using Provost.Cli.Output;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Targets.Kubernetes;

namespace Provost.Cli.Commands;

/// <summary>provost lock: who works on the installation at this moment.</summary>
internal static class LockCommand
{
    private static readonly Option<bool> Force = new("--force") { Description = "Also when its owner lives: two operations may then run into each other" };

    public static Command Create() => new("lock", "Show or release the lock that operations take") { Status(), Release() };

    private static Command Status()
    {
        var command = new Command("status", "Show who holds the lock and since when");
        command.AddCluster();
        command.Does(async invocation =>
        {
            if (invocation.IsOnKubernetes())
            {
                using var api = invocation.Connect();
                Report(invocation, Note.Of(await LeaseNote.LookAsync(api, invocation.ClusterSite().Namespace, invocation.Cancellation), invocation), "free", Word);
                return ExitCode.Success;
            }
            Report(invocation, Note.Of(OperationLock.Look(invocation.Load().State), invocation), "free", Word);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Release()
    {
        var command = new Command("release", "Release the lock that an operation left behind") { Force };
        command.AddCluster();
        command.Does(async invocation =>
        {
            if (invocation.IsOnKubernetes())
            {
                using var api = invocation.Connect();
                var left = await LeaseNote.ReleaseAsync(api, invocation.ClusterSite().Namespace, invocation.Parsed.GetValue(Force), invocation.Time, invocation.Cancellation);
                Report(invocation, Note.Of(left, invocation), "the lock was free", _ => "released");
                return ExitCode.Success;
            }
            var released = OperationLock.Release(invocation.Load().State, invocation.Parsed.GetValue(Force), invocation.Time);
            Report(invocation, Note.Of(released, invocation), "the lock was free", _ => "released");
            return ExitCode.Success;
        });
        return command;
    }

    private static string Word(Note note) => note.Abandoned is null ? "held" : "abandoned";

    private static void Report(Invocation invocation, Note? note, string free, Func<Note, string> word)
    {
        if (invocation.Terminal.Json)
        {
            var held = note is not null && word(note) == "held";
            invocation.Terminal.Write(new LockAnswer(held, note?.Owner, note?.Purpose, note?.Pid, note?.Taken, note?.Heartbeat, note?.Abandoned), OperationJson.Plain.LockAnswer);
            return;
        }
        invocation.Terminal.Output.WriteLine(note is null ? free : string.Create(
            CultureInfo.InvariantCulture,
            $"{word(note)}: {note.Purpose}, by {note.Owner}{(note.Pid is { } pid ? $" (process {pid})" : "")}, since {note.Taken.ToLocalTime():yyyy-MM-dd HH:mm:ss}{(note.Abandoned is { } why ? "; " + why : "")}"));
    }

    // What a lock says, on this machine or in a cluster.
    private sealed record Note(string Owner, string Purpose, int? Pid, DateTimeOffset Taken, DateTimeOffset Heartbeat, string? Abandoned)
    {
        public static Note? Of(LockNote? note, Invocation invocation) => note is null ? null : new(
            note.Owner, note.Purpose, note.Process.Pid, note.Taken, note.Heartbeat, note.Abandoned(invocation.Time.GetUtcNow()));

        public static Note? Of(LeaseNote? note, Invocation invocation) => note is null ? null : new(
            note.Owner, note.Purpose, null, note.Taken, note.Renewed, note.Abandoned(invocation.Time.GetUtcNow()));
    }
}
