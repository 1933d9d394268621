using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Ledgers;

/// <summary>
/// The append-only record of an installation: lines of JSON in the state directory, each bound to the one before by its hash.
/// Appending is all or nothing: a line that could not be written whole is taken back.
/// </summary>
public sealed class Ledger(string file, TimeProvider time)
{
    private string HeadFile => file + ".head";

    public static Ledger Of(StateDirectory state, TimeProvider time) => new(Path.Combine(state.Root, "ledger.jsonl"), time);

    public LedgerEntry Append(LedgerRecord record)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = Open();
        var last = Last(stream);
        var line = LedgerLine.Write(new LedgerEntry(
            (last?.Number ?? 0) + 1, time.GetUtcNow(), $"{Environment.UserName}@{Environment.MachineName}", record.Verb, record.Subject, record.Result,
            Math.Round(record.Seconds, 3), record.Details, last?.Hash ?? LedgerLine.NoHash, ""));
        var end = stream.Length;
        try
        {
            stream.Seek(0, SeekOrigin.End);
            stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            stream.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            stream.SetLength(end);
            throw new OperationError(ErrorKind.Machine, $"{file} could not be written: {e.Message}", "free space on its disk", cause: e);
        }
        var entry = LedgerLine.Read(line, out _)!;
        PrivateFiles.Write(HeadFile, JsonSerializer.SerializeToUtf8Bytes(new LedgerHead(entry.Number, entry.Hash), LedgerJson.Default.LedgerHead));
        return entry;
    }

    /// <summary>Every entry, oldest first; lines that cannot be read are left out: <see cref="Verify"/> names them.</summary>
    public IReadOnlyList<LedgerEntry> Read() => [.. Lines().Select(line => LedgerLine.Read(line, out _)).OfType<LedgerEntry>()];

    public LedgerVerification Verify()
    {
        var (number, hash) = (0L, LedgerLine.NoHash);
        var head = ReadHead();
        var headSeen = head is null;
        foreach (var line in Lines())
        {
            number++;
            if (LedgerLine.Read(line, out var problem) is not { } entry)
            {
                return Broken(number, hash, problem!);
            }
            if (entry.Number != number || entry.Previous != hash)
            {
                return Broken(number, hash, $"says it is entry {entry.Number} and does not follow the line before: lines were removed, added or moved");
            }
            hash = entry.Hash;
            headSeen |= number == head?.Number && hash == head.Hash;
        }
        return headSeen
            ? new LedgerVerification(true, number, hash, null, null)
            : Broken(number + 1, hash, $"is missing: {head!.Number} entries were written, and the ledger ends after {number} or differs");
    }

    private static LedgerVerification Broken(long line, string head, string problem) => new(false, line - 1, head, line, problem);

    private IEnumerable<string> Lines() => File.Exists(file) ? File.ReadLines(file) : [];

    private LedgerHead? ReadHead()
    {
        try
        {
            return File.Exists(HeadFile) ? JsonSerializer.Deserialize(File.ReadAllBytes(HeadFile), LedgerJson.Default.LedgerHead) : null;
        }
        catch (JsonException)
        {
            return new LedgerHead(-1, "unreadable");
        }
    }

    // A power cut in the middle of a line leaves a piece without its end: it was never acknowledged.
    private static LedgerEntry? Last(FileStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();
        if (text.Length > 0 && text[^1] != '\n')
        {
            text = text[..(text.LastIndexOf('\n') + 1)];
            stream.SetLength(Encoding.UTF8.GetByteCount(text));
        }
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? null : LedgerLine.Read(lines[^1], out var problem)
            ?? throw new OperationError(ErrorKind.Refused, $"the last line of the ledger {problem}", "find out who changed it: provost ledger verify; put the file back from a backup");
    }

    // One writer at a time; the kernel lets go of the lock however a writer ends.
    private FileStream Open()
    {
        var descriptor = Native.Open(file, Native.OpenReadWriteCreate | Native.OpenCloseOnExec, Native.OwnerOnly);
        if (descriptor < 0)
        {
            throw new OperationError(ErrorKind.Machine, $"{file} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}", "give this user the right to write there");
        }
        _ = Native.Flock(descriptor, Native.LockExclusive);
        return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 1);
    }
}
