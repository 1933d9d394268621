using System.Security.Cryptography;
using System.Text;
using ZstdSharp;

namespace Provost.Runbooks.Backups.Repositories;

/// <summary>A file of the repository is not what was written.</summary>
internal sealed class DamagedFile(string name, string what) : Exception($"{name}: {what}")
{
    public string Name => name;
}

/// <summary>
/// How contents lie in the repository. Chunk: "PVC", format, flags, nonce (12), tag (16), ciphertext. Document: "PVD",
/// format, kind, signature (64) of all that follows, nonce, tag, ciphertext. Compressed with zstd, encrypted with AES-256-GCM
/// under a key of the name alone, and bound to the header and the name.
/// </summary>
internal static class Sealing
{
    public const byte Format = 1;

    private const int HeaderLength = 5;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int SignatureLength = 64;
    private const int Level = 3;
    private const byte Compressed = 1;
    private const int LargestDocument = 1 << 30;

    public static byte[] SealChunk(RepositoryKeys keys, string name, ReadOnlySpan<byte> plain)
    {
        var (body, flags) = Compress(plain);
        var stored = new byte[HeaderLength + NonceLength + TagLength + body.Length];
        WriteHeader(stored, (byte)'C', flags);
        Encrypt(keys, name, stored, HeaderLength, body);
        return stored;
    }

    public static byte[] OpenChunk(RepositoryKeys keys, string name, byte[] stored, int expected)
    {
        CheckHeader(name, stored, 'C', HeaderLength);
        var body = Decrypt(keys, name, stored, HeaderLength);
        var plain = stored[4] == Compressed ? Decompress(name, body, expected) : body;
        return plain.Length == expected ? plain : throw new DamagedFile(name, $"holds {plain.Length} bytes instead of {expected}");
    }

    /// <summary>Whether the chunk is as it was written, without unpacking it.</summary>
    public static void CheckChunk(RepositoryKeys keys, string name, byte[] stored)
    {
        CheckHeader(name, stored, 'C', HeaderLength);
        _ = Decrypt(keys, name, stored, HeaderLength);
    }

    public static byte[] SealDocument(RepositoryKeys keys, string name, byte kind, ReadOnlySpan<byte> plain)
    {
        var (body, flags) = Compress(plain);
        const int start = HeaderLength + SignatureLength;
        var stored = new byte[start + 1 + NonceLength + TagLength + body.Length];
        WriteHeader(stored, (byte)'D', kind);
        stored[start] = flags;
        Encrypt(keys, name, stored, start + 1, body);
        keys.Sign(Signed(name, stored)).CopyTo(stored, HeaderLength);
        return stored;
    }

    public static byte[] OpenDocument(RepositoryKeys keys, string name, byte kind, byte[] stored)
    {
        const int start = HeaderLength + SignatureLength;
        CheckHeader(name, stored, 'D', start + 1);
        if (stored[4] != kind || !keys.Verify(Signed(name, stored), stored.AsSpan(HeaderLength, SignatureLength)))
        {
            throw new DamagedFile(name, "the signature does not hold");
        }
        var body = Decrypt(keys, name, stored, start + 1);
        return stored[start] == Compressed ? Decompress(name, body, LargestDocument) : body;
    }

    private static void WriteHeader(byte[] stored, byte type, byte last) => (stored[0], stored[1], stored[2], stored[3], stored[4]) = ((byte)'P', (byte)'V', type, Format, last);

    private static void CheckHeader(string name, byte[] stored, char type, int before)
    {
        if (stored.Length < before + NonceLength + TagLength || stored[0] != 'P' || stored[1] != 'V' || stored[2] != type)
        {
            throw new DamagedFile(name, "is cut off or is no file of a repository");
        }
        if (stored[3] != Format)
        {
            throw new DamagedFile(name, $"has the format {stored[3]}, and this version reads {Format}: it is damaged, or a newer version of provost wrote it");
        }
    }

    private static byte[] Signed(string name, byte[] stored) =>
        [.. stored.AsSpan(0, HeaderLength), .. Encoding.UTF8.GetBytes(name), 0, .. stored.AsSpan(HeaderLength + SignatureLength)];

    private static void Encrypt(RepositoryKeys keys, string name, byte[] stored, int at, ReadOnlySpan<byte> body)
    {
        RandomNumberGenerator.Fill(stored.AsSpan(at, NonceLength));
        using var cipher = new AesGcm(keys.ContentKey(name), TagLength);
        cipher.Encrypt(
            stored.AsSpan(at, NonceLength), body, stored.AsSpan(at + NonceLength + TagLength), stored.AsSpan(at + NonceLength, TagLength), Bound(name, stored));
    }

    private static byte[] Decrypt(RepositoryKeys keys, string name, byte[] stored, int at)
    {
        var plain = new byte[stored.Length - at - NonceLength - TagLength];
        using var cipher = new AesGcm(keys.ContentKey(name), TagLength);
        try
        {
            cipher.Decrypt(stored.AsSpan(at, NonceLength), stored.AsSpan(at + NonceLength + TagLength), stored.AsSpan(at + NonceLength, TagLength), plain, Bound(name, stored));
            return plain;
        }
        catch (CryptographicException)
        {
            throw new DamagedFile(name, "the content was changed");
        }
    }

    private static byte[] Bound(string name, byte[] stored) => [.. stored.AsSpan(0, HeaderLength), .. Encoding.UTF8.GetBytes(name)];

    private static (byte[] Body, byte Flags) Compress(ReadOnlySpan<byte> plain)
    {
        using var compressor = new Compressor(Level);
        var packed = compressor.Wrap(plain);
        return packed.Length < plain.Length ? (packed.ToArray(), Compressed) : (plain.ToArray(), (byte)0);
    }

    private static byte[] Decompress(string name, byte[] body, int most)
    {
        try
        {
            using var decompressor = new Decompressor();
            return decompressor.Unwrap(body, most).ToArray();
        }
        catch (ZstdException e)
        {
            throw new DamagedFile(name, $"cannot be unpacked: {e.Message}");
        }
    }
}
