using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Locks;

/// <summary>
/// One operation at a time on an installation. The note names owner and purpose and carries a heartbeat; what a dead owner
/// left is taken over at once, and what an owner elsewhere left when nobody has heard of it for a minute.
/// </summary>
public sealed class OperationLock : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private readonly string file;
    private readonly LockNote note;
    private readonly TimeProvider time;
    private readonly ITimer heart;

    private OperationLock(string file, LockNote note, LockNote? abandoned, TimeProvider time)
    {
        (this.file, this.note, this.time, Abandoned) = (file, note, time, abandoned);
        heart = time.CreateTimer(_ => Renew(), null, Beat, Beat);
    }

    /// <summary>What was going on when an earlier owner ended without letting go; null normally.</summary>
    public LockNote? Abandoned { get; }

    public static OperationLock Take(StateDirectory state, string purpose, TimeProvider time)
    {
        StateSwap.RequireWhole(state.Root);
        PrivateFiles.CreateDirectory(state.Root);
        var file = FileOf(state);
        using var guard = Guard(file);
        var (earlier, now) = (Read(file), time.GetUtcNow());
        if (earlier is not null && earlier.Abandoned(now) is null)
        {
            throw Held(earlier, now);
        }
        var note = new LockNote(
            Guid.NewGuid().ToString("N"), $"{Environment.UserName}@{Environment.MachineName}", purpose, Environment.MachineName,
            ProcessTable.Identify(Environment.ProcessId) ?? new ProcessIdentity(Environment.ProcessId, -1, ""), now, now);
        try
        {
            Write(file, note);
        }
        catch (IOException e)
        {
            throw new OperationError(ErrorKind.Machine, $"the lock cannot be written: {e.Message}", $"free space where {state.Root} lies; nothing was touched", cause: e);
        }
        return new OperationLock(file, note, earlier, time);
    }

    /// <summary>The note as it lies there, also of an owner that has ended; null when the lock is free.</summary>
    public static LockNote? Look(StateDirectory state) => Read(FileOf(state));

    /// <summary>Removes the note of an owner that has ended; of a living one only when forced.</summary>
    public static LockNote? Release(StateDirectory state, bool force, TimeProvider time)
    {
        if (!state.Exists)
        {
            return null;
        }
        var file = FileOf(state);
        using var guard = Guard(file);
        if (Read(file) is not { } note)
        {
            return null;
        }
        if (note.Abandoned(time.GetUtcNow()) is null && !force)
        {
            throw Held(note, time.GetUtcNow());
        }
        File.Delete(file);
        return note;
    }

    /// <summary>Why its owner may touch nothing any more: somebody released it, and perhaps took it; null while it is held.</summary>
    public OperationError? Lost() => Read(file) switch
    {
        { } held when held.Id == note.Id => null,
        { } other => new OperationError(
            ErrorKind.Refused, $"{other.Owner} has taken the lock meanwhile: {other.Purpose} (process {other.Process.Pid})", "wait until that is done: it settles what this command had begun; provost lock status"),
        null => new OperationError(ErrorKind.Refused, "the lock was released while this command worked", "run it again: what it had begun is settled first"),
    };

    public void Dispose()
    {
        heart.Dispose();
        if (!Directory.Exists(Path.GetDirectoryName(file)))
        {
            // The whole installation was removed.
            return;
        }
        using var guard = Guard(file);
        if (Read(file)?.Id == note.Id)
        {
            File.Delete(file);
        }
    }

    private static string FileOf(StateDirectory state) => Path.Combine(state.Root, "operation.lock");

    private void Renew()
    {
        try
        {
            using var guard = Guard(file);
            if (Read(file)?.Id == note.Id)
            {
                Write(file, note with { Heartbeat = time.GetUtcNow() });
            }
        }
        catch (Exception e) when (e is IOException or OperationError)
        {
            // A full disk: on this machine the process itself still proves that its owner lives.
        }
    }

    private static LockNote? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), LockJson.Default.LockNote) : null;
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            return null;
        }
    }

    private static void Write(string file, LockNote note) => PrivateFiles.Write(file, JsonSerializer.SerializeToUtf8Bytes(note, LockJson.Default.LockNote));

    // Looking and writing are one: two who come at the same moment do not both find the lock free.
    private static SafeFileHandle Guard(string file)
    {
        var descriptor = Native.Open(file + ".guard", Native.OpenReadWriteCreate | Native.OpenCloseOnExec, Native.OwnerOnly);
        if (descriptor < 0)
        {
            throw new OperationError(ErrorKind.Machine, $"{file}.guard cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}", "give this user the right to write there");
        }
        _ = Native.Flock(descriptor, Native.LockExclusive);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static OperationError Held(LockNote note, DateTimeOffset now) => new(
        ErrorKind.Refused, $"{note.Owner} works on this installation: {note.Purpose}, since {(now - note.Taken).TotalSeconds:0} s (process {note.Process.Pid})",
        "wait until it is done: provost lock status; if it hangs, end that process, then provost lock release");
}
