using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Provost.Api.Privacy;
using StackExchange.Redis;

namespace Provost.Api.State;

/// <summary>Append-only, hash-chained record of what was erased. It holds pseudonyms and counts, never a name.</summary>
internal sealed class ErasureLedger(RedisStore redis)
{
    public async Task<ErasureLine> AppendAsync(ErasureLine line)
    {
        while (true)
        {
            var lines = await AllAsync();
            if (lines.FirstOrDefault(known => known.Id == line.Id) is { } written)
                return written;
            var previous = lines.Length == 0 ? "" : lines[^1].Proof;
            var chained = line with { Previous = previous, Proof = Prove(line, previous) };
            await redis.CommitAsync("erasure.append", transaction =>
            {
                transaction.AddCondition(Condition.ListLengthEqual(Keys.Erasures, lines.Length));
                _ = transaction.ListRightPushAsync(Keys.Erasures, JsonSerializer.SerializeToUtf8Bytes(chained, ApiJson.Default.ErasureLine));
            });
        }
    }

    /// <summary>The lines exactly as they are kept.</summary>
    public Task<string[]> LinesAsync() => redis.RunAsync("erasure.read", async database =>
        (await database.ListRangeAsync(Keys.Erasures)).Select(line => line.ToString()).ToArray());

    public Task<ErasureLine[]> AllAsync() => redis.RunAsync("erasure.read", async database =>
        (await database.ListRangeAsync(Keys.Erasures))
            .Select(line => JsonSerializer.Deserialize((byte[])line!, ApiJson.Default.ErasureLine)!).ToArray());

    /// <summary>The first line whose proof does not hold; null when the whole chain does.</summary>
    public static ErasureLine? FirstBroken(IEnumerable<ErasureLine> lines)
    {
        var previous = "";
        foreach (var line in lines)
        {
            if (line.Previous != previous || line.Proof != Prove(line, previous))
                return line;
            previous = line.Proof;
        }

        return null;
    }

    private static string Prove(ErasureLine line, string previous) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture,
            $"{previous}\n{line.Id}\n{line.At:O}\n{line.By}\n{string.Join(' ', line.Students)}\n{line.Names}\n{line.Cells}\n{line.Accounts}"))));
}
