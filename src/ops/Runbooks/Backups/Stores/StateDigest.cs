using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provost.Runbooks.Backups.Repositories;
using StackExchange.Redis;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>What a Redis holds, whatever file it came from: keys and a sum of their SHA-256 for each type.</summary>
internal static class StateDigest
{
    private const int Page = 500;

    // The embedded server's own marks: they say something about its files, not about the platform.
    private const string OwnMarks = "provost:recovery:";

    /// <summary>Whether a key says something about the server's own files.</summary>
    public static bool IsOwnMark(RedisKey key) => key.ToString().StartsWith(OwnMarks, StringComparison.Ordinal);

    public static async Task<IReadOnlyList<TypeDigest>> ReadAsync(RedisLink redis, CancellationToken cancellation)
    {
        Dictionary<string, Sum> sums = [];
        await foreach (var keys in redis.PagesAsync(Page, cancellation))
        {
            foreach (var (key, type, value) in await RedisLink.AskAsync(() => Task.WhenAll(keys.Select(key => HashAsync(redis.Database, key)))))
            {
                if (value is not null)
                {
                    Of(sums, type).Add(value);
                }
            }
        }
        return [.. sums.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new TypeDigest(s.Key, s.Value.Keys, s.Value.Text()))];
    }

    private static Sum Of(Dictionary<string, Sum> sums, string type)
    {
        if (!sums.TryGetValue(type, out var sum))
        {
            sums[type] = sum = new Sum();
        }
        return sum;
    }

    // What expires by itself is not the same a moment later: sessions, one-time links, cached answers.
    private static async Task<(RedisKey Key, string Type, byte[]? Hash)> HashAsync(IDatabase database, RedisKey key)
    {
        var (typeOf, lifeOf) = (database.KeyTypeAsync(key), database.KeyTimeToLiveAsync(key));
        var type = await typeOf;
        if (await lifeOf is not null || type == RedisType.None || IsOwnMark(key))
        {
            return (key, "", null);
        }
        List<byte[]> parts = type switch
        {
            RedisType.String => [(await database.StringGetAsync(key))!],
            RedisType.List => [.. (await database.ListRangeAsync(key)).Select(v => (byte[])v!)],
            RedisType.Set => Sorted((await database.SetMembersAsync(key)).Select(v => Joined([(byte[])v!]))),
            RedisType.Hash => Sorted((await database.HashGetAllAsync(key)).Select(e => Joined([(byte[])e.Name!, (byte[])e.Value!]))),
            RedisType.SortedSet => Sorted((await database.SortedSetRangeByRankWithScoresAsync(key))
                .Select(e => Joined([(byte[])e.Element!, Encoding.ASCII.GetBytes(e.Score.ToString("R", CultureInfo.InvariantCulture))]))),
            _ => throw new OperationError(ErrorKind.Refused, $"the key {key} has the type {type}, which backups do not know", "the platform has no such key: find out who wrote it, and remove it"),
        };
        var name = type.ToString().ToLowerInvariant();
        return (key, name, SHA256.HashData(Joined([Encoding.ASCII.GetBytes(name), (byte[])key!, .. parts])));
    }

    private static List<byte[]> Sorted(IEnumerable<byte[]> items) => [.. items.OrderBy(Convert.ToHexString, StringComparer.Ordinal)];

    // With lengths before them, so that no two lists of parts look the same.
    private static byte[] Joined(IEnumerable<byte[]> parts)
    {
        using var joined = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            joined.Write(length);
            joined.Write(part);
        }
        return joined.ToArray();
    }

    private sealed class Sum
    {
        private readonly ulong[] words = new ulong[4];

        public long Keys { get; private set; }

        public void Add(byte[] hash)
        {
            Keys++;
            for (var i = 0; i < words.Length; i++)
            {
                words[i] += BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(i * 8));
            }
        }

        public string Text() => string.Concat(words.Select(w => w.ToString("x16", CultureInfo.InvariantCulture)));
    }
}
