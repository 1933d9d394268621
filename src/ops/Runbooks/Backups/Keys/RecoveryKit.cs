using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Keys;

/// <summary>The seed of a repository, wrapped by a kit: lies in the repository, and is worth nothing without the kit.</summary>
public sealed record WrappedSeed(int Format, string Kit, DateTimeOffset Created, string PublicKey, string Nonce, string Tag, string Seed);

/// <summary>A kit as scripts get it.</summary>
/// <param name="Key">The secret. Whoever has it and a repository can read every backup.</param>
public sealed record KitDocument(int Format, string Kit, DateTimeOffset Created, string Installation, string Key, IReadOnlyList<string> Repositories);

/// <summary>A recovery kit: a key for paper that opens repositories when everything else is gone.</summary>
public sealed record RecoveryKit(string Id, byte[] Key)
{
    private const int Format = 1;
    private const int KeyLength = 32;
    private const int ChecksumLength = 3;
    private const int Group = 4;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford: no I, L, O, U to misread
    private const string Prefix = "PROVOST-KIT-1";

    public static RecoveryKit Create()
    {
        var key = RandomNumberGenerator.GetBytes(KeyLength);
        return new RecoveryKit(IdOf(key), key);
    }

    /// <summary>The key as it is printed: 56 letters in groups of four, the last of them a checksum.</summary>
    public string Text()
    {
        byte[] bytes = [.. Key, .. Checksum(Key)];
        var text = new StringBuilder(Prefix);
        var (bits, held, letters) = (0, 0, 0);
        foreach (var b in bytes)
        {
            (bits, held) = ((bits << 8) | b, held + 8);
            while (held >= 5)
            {
                held -= 5;
                Append((bits >> held) & 31);
            }
            bits &= (1 << held) - 1;
        }
        return text.ToString();

        void Append(int value)
        {
            text.Append(letters++ % Group == 0 ? "-" : "").Append(Alphabet[value]);
        }
    }

    /// <summary>Finds the key in what was typed or in a whole printed kit.</summary>
    public static RecoveryKit Parse(string text)
    {
        var start = text.IndexOf(Prefix, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            throw new OperationError(ErrorKind.Refused, $"this is no recovery kit: nothing in it begins with {Prefix}", "give the file that provost recovery-kit create printed, or the line with the key");
        }
        List<byte> bytes = [];
        var (bits, held) = (0, 0);
        foreach (var letter in text.AsSpan(start + Prefix.Length))
        {
            var value = Alphabet.IndexOf(Canonical(letter), StringComparison.Ordinal);
            if (value < 0 && letter is not ('-' or ' '))
            {
                break;
            }
            if (value >= 0)
            {
                (bits, held) = (((bits << 5) | value) & 0xFFF, held + 5);
            }
            if (held >= 8)
            {
                held -= 8;
                bytes.Add((byte)(bits >> held));
            }
            if (bytes.Count == KeyLength + ChecksumLength)
            {
                break;
            }
        }
        var key = bytes.Take(KeyLength).ToArray();
        return bytes.Count == KeyLength + ChecksumLength && Checksum(key).AsSpan().SequenceEqual(bytes.Skip(KeyLength).ToArray())
            ? new RecoveryKit(IdOf(key), key)
            : throw new OperationError(ErrorKind.Refused, "the key of the recovery kit has a typing error, or a part of it is missing", "compare it with the paper, letter by letter: it has 14 groups of four");
    }

    public WrappedSeed Wrap(RepositoryKeys keys, DateTimeOffset now)
    {
        var (nonce, tag, seed) = (RandomNumberGenerator.GetBytes(12), new byte[16], keys.Seed());
        var wrapped = new byte[seed.Length];
        using var cipher = new AesGcm(WrappingKey(), tag.Length);
        cipher.Encrypt(nonce, seed, wrapped, tag, Encoding.UTF8.GetBytes(keys.PublicKey));
        CryptographicOperations.ZeroMemory(seed);
        return new WrappedSeed(Format, Id, now, keys.PublicKey, Convert.ToBase64String(nonce), Convert.ToBase64String(tag), Convert.ToBase64String(wrapped));
    }

    /// <summary>The keys of the repository at this place.</summary>
    public async Task<RepositoryKeys> OpenAsync(IObjectStore store, CancellationToken cancellation)
    {
        _ = await Repository.ReadSettingsAsync(store, cancellation) ?? throw new OperationError(
            ErrorKind.Refused, $"there is no repository at {store.Place}", "check the place: it holds a file repository.json");
        var stored = await store.ReadAsync(ObjectNames.Kit(Id), cancellation) ?? throw new OperationError(
            ErrorKind.Refused, $"the kit {Id} does not open the repository at {store.Place}", "use the kit of this repository; its id is the name of a file below kits/ there");
        try
        {
            var wrapped = JsonSerializer.Deserialize(stored, ReadableJson.Default.WrappedSeed)!;
            var seed = new byte[RepositoryKeys.SeedLength];
            using var cipher = new AesGcm(WrappingKey(), 16);
            cipher.Decrypt(
                Convert.FromBase64String(wrapped.Nonce), Convert.FromBase64String(wrapped.Seed), Convert.FromBase64String(wrapped.Tag), seed, Encoding.UTF8.GetBytes(wrapped.PublicKey));
            return new RepositoryKeys(seed);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException or ArgumentException)
        {
            throw Repository.Damaged(store, new DamagedFile(ObjectNames.Kit(Id), "cannot be opened with its kit"));
        }
    }

    public override string ToString() => $"recovery kit {Id}";

    private byte[] WrappingKey() => HKDF.DeriveKey(HashAlgorithmName.SHA256, Key, 32, null, "provost recovery kit 1 wrap"u8.ToArray());

    private static string IdOf(byte[] key) => Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 8, null, "provost recovery kit 1 id"u8.ToArray()));

    private static byte[] Checksum(byte[] key) => SHA256.HashData([.. "provost recovery kit 1 checksum"u8, .. key])[..ChecksumLength];

    private static char Canonical(char letter) => char.ToUpperInvariant(letter) switch { 'O' => '0', 'I' or 'L' => '1', var other => other };
}
