using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provost.Stores.Redis;

/// <summary>
/// Proof that a start recovered everything. Garnet can start with part of the keys: a checkpoint that it cannot read is
/// skipped, and only what the append-only file holds since then is served (garnet#2150). So two keys are written, one
/// before every checkpoint and one after each few seconds, and beside the data a file says what they were. A start that
/// misses the first has lost the checkpoint; one that has an older second has lost the end of the append-only file.
/// </summary>
internal sealed class RecoveryMarks(string directory)
{
    private const string BaseKey = "provost:recovery:base";
    private const string TailKey = "provost:recovery:tail";

    private readonly string file = Path.Combine(directory, "recovery.json");
    private RecoveryRecord record = new("", "", 0);

    /// <returns>What is missing, or null.</returns>
    public string? Check(RespClient client)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        record = JsonSerializer.Deserialize(File.ReadAllText(file), RecoveryJson.Default.RecoveryRecord) ?? record;
        var found = client.Send("GET", BaseKey) ?? "";
        var tail = long.TryParse(client.Send("GET", TailKey), out var number) ? number : 0;
        if (found != record.Base && found != record.NextBase)
        {
            return "the checkpoint could not be read, and the keys in it are missing";
        }

        return tail < record.Tail ? $"the append-only file ends too early: at mark {tail} instead of {record.Tail}" : null;
    }

    /// <summary>A checkpoint, after which the append-only file begins anew.</summary>
    public void Checkpoint(RespClient client)
    {
        record = record with { NextBase = Guid.NewGuid().ToString("N") };
        Write();
        client.Send("SET", BaseKey, record.NextBase);
        client.Send("SAVE");
        record = record with { Base = record.NextBase };
        Write();
    }

    /// <summary>A mark at the end of the append-only file.</summary>
    public void Advance(RespClient client)
    {
        var next = record.Tail + 1;
        // Answered only once it is in the file on the disk.
        client.Send("SET", TailKey, next.ToString(System.Globalization.CultureInfo.InvariantCulture));
        record = record with { Tail = next };
        Write();
    }

    /// <summary>By rename: a crash leaves the old record or the new one.</summary>
    private void Write()
    {
        var next = file + ".next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, record, RecoveryJson.Default.RecoveryRecord);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, file, overwrite: true);
    }
}

/// <param name="Base">What the key of the last finished checkpoint is.</param>
/// <param name="NextBase">What it is when the checkpoint that follows was finished, but not recorded.</param>
/// <param name="Tail">What the key at the end of the append-only file is, or was before the last seconds.</param>
internal sealed record RecoveryRecord(string Base, string NextBase, long Tail);

[JsonSerializable(typeof(RecoveryRecord))]
internal sealed partial class RecoveryJson : JsonSerializerContext;
