using System.CommandLine;
using System.Globalization;
using Provost.Cli.Output;
using Provost.Runbooks.Locks;

namespace Provost.Cli.Commands;

/// <summary>provost lock: who works on the installation at this moment.</summary>
internal static class LockCommand
{
    private static readonly Option<bool> Force = new("--force") { Description = "Also when its owner lives: two operations may then run into each other" };

    public static Command Create() => new("lock", "Show or release the lock that operations take") { Status(), Release() };

    private static Command Status()
    {
        var command = new Command("status", "Show who holds the lock and since when");
        command.Does(invocation =>
        {
            Report(invocation, OperationLock.Look(invocation.Load().State), "free", note => note.Abandoned(invocation.Time.GetUtcNow()) is null ? "held" : "abandoned");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static Command Release()
    {
        var command = new Command("release", "Release the lock that an operation left behind") { Force };
        command.Does(invocation =>
        {
            var released = OperationLock.Release(invocation.Load().State, invocation.Parsed.GetValue(Force), invocation.Time);
            Report(invocation, released, "the lock was free", _ => "released");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Report(Invocation invocation, LockNote? note, string free, Func<LockNote, string> word)
    {
        var abandoned = note?.Abandoned(invocation.Time.GetUtcNow());
        if (invocation.Terminal.Json)
        {
            var held = note is not null && word(note) == "held";
            invocation.Terminal.Write(new LockAnswer(held, note?.Owner, note?.Purpose, note?.Process.Pid, note?.Taken, note?.Heartbeat, abandoned), OperationJson.Plain.LockAnswer);
            return;
        }
        invocation.Terminal.Output.WriteLine(note is null ? free : string.Create(
            CultureInfo.InvariantCulture,
            $"{word(note)}: {note.Purpose}, by {note.Owner} (process {note.Process.Pid}), since {note.Taken.ToLocalTime():yyyy-MM-dd HH:mm:ss}{(abandoned is null ? "" : "; " + abandoned)}"));
    }
}
