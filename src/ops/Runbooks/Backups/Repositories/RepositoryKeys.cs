using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Provost.Runbooks.Backups.Repositories;

/// <summary>
/// The keys of a repository, all derived from one seed of 32 random bytes: who has the seed can read, write and sign; who
/// has not can do nothing, and learns of the content only its size.
/// </summary>
public sealed class RepositoryKeys : IDisposable
{
    public const int SeedLength = 32;

    private const int GearBytes = 256 * sizeof(ulong);
    private static readonly BigInteger Order = BigInteger.Parse("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private readonly byte[] seed;
    private readonly byte[] address;
    private readonly byte[] content;
    private readonly ECDsa signer;
    private readonly Lock gate = new();

    public RepositoryKeys(byte[] seed)
    {
        if (seed.Length != SeedLength)
        {
            throw new ArgumentException($"a seed has {SeedLength} bytes", nameof(seed));
        }
        this.seed = [.. seed];
        address = Derive("address", 32);
        content = Derive("content", 32);
        signer = Signer();
        PublicKey = Convert.ToBase64String(signer.ExportSubjectPublicKeyInfo());
        Gear = new ulong[256];
        Buffer.BlockCopy(Derive("gear", GearBytes), 0, Gear, 0, GearBytes);
    }

    /// <summary>ECDSA P-256, by which anybody can check who signed.</summary>
    public string PublicKey { get; }

    internal ulong[] Gear { get; }

    public byte[] Seed() => [.. seed];

    /// <summary>Where a content lies: says nothing about the content to whom the seed is unknown.</summary>
    public string Address(ReadOnlySpan<byte> contentDigest) => Convert.ToHexStringLower(HMACSHA256.HashData(address, contentDigest));

    /// <summary>A key for what lies under this name alone: nothing can be moved to another name.</summary>
    public byte[] ContentKey(string name) => HMACSHA256.HashData(content, Encoding.UTF8.GetBytes(name));

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (gate)
        {
            return signer.SignData(data, HashAlgorithmName.SHA256);
        }
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (gate)
        {
            return signer.VerifyData(data, signature, HashAlgorithmName.SHA256);
        }
    }

    public void Dispose()
    {
        signer.Dispose();
        CryptographicOperations.ZeroMemory(seed);
        CryptographicOperations.ZeroMemory(content);
    }

    private byte[] Derive(string purpose, int length) => HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, length, null, Encoding.ASCII.GetBytes($"provost repository 1 {purpose}"));

    // 48 bytes reduced to the order: no bias worth the name.
    private ECDsa Signer()
    {
        var scalar = (new BigInteger(Derive("sign", 48), isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        var bytes = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[32];
        bytes.CopyTo(padded, padded.Length - bytes.Length);
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = padded });
    }
}
