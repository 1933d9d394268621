using System.Security.Cryptography;
using System.Text;

namespace Provost.Api.Privacy;

/// <summary>
/// Student keys: HMAC-SHA256 of course and source id, 80 bits, base32. The same student has unrelated keys in two courses,
/// and without the key of the installation nobody can recompute them.
/// </summary>
internal sealed class Pseudonyms(PseudonymsOptions options)
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Letters = 16;

    private readonly byte[] key = KeyBytes.Of(options.Key);

    public string For(string course, string sourceId)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{course}|{sourceId.Trim()}"), digest);
        var letters = new char[Letters];
        var (bits, available, next) = (0, 0, 0);
        for (var i = 0; i < Letters; i++)
        {
            if (available < 5)
                (bits, available) = ((bits << 8) | digest[next++], available + 8);
            available -= 5;
            letters[i] = Alphabet[(bits >> available) & 31];
        }

        return new string(letters);
    }

    /// <summary>A digest that says "the same content" and, without the key, nothing about what the content is.</summary>
    public IncrementalHash StartDigest() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
}
