using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Provost.Api.Privacy;

/// <summary>What names a student: it exists here, encrypted, and nowhere else.</summary>
internal sealed record PersonName(string SourceId, string Name, string? Email, string? Login)
{
    /// <summary>True when a person asks for himself or herself by id, e-mail or login.</summary>
    public bool Answers(string subject) =>
        Same(SourceId, subject) || Same(Email, subject) || Same(Login, subject);

    private static bool Same(string? known, string asked) => string.Equals(known?.Trim(), asked.Trim(), StringComparison.OrdinalIgnoreCase);
}

/// <summary>AES-256-GCM: nonce (12), tag (16), ciphertext. Bound to course and student, so that a value cannot be moved.</summary>
internal sealed class NameCipher(NamesOptions options)
{
    private const int Nonce = 12;
    private const int Tag = 16;

    private readonly byte[] key = KeyBytes.Of(options.Key);

    public byte[] Encrypt(string course, string student, PersonName name)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(name, ApiJson.Default.PersonName);
        var sealedName = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(sealedName.AsSpan(0, Nonce));
        using var cipher = new AesGcm(key, Tag);
        cipher.Encrypt(sealedName.AsSpan(0, Nonce), plain, sealedName.AsSpan(Nonce + Tag), sealedName.AsSpan(Nonce, Tag), Bound(course, student));
        return sealedName;
    }

    /// <exception cref="CryptographicException">The key is not the one that encrypted it, or the value was changed.</exception>
    public PersonName Decrypt(string course, string student, byte[] sealedName)
    {
        var plain = new byte[sealedName.Length - Nonce - Tag];
        using var cipher = new AesGcm(key, Tag);
        cipher.Decrypt(sealedName.AsSpan(0, Nonce), sealedName.AsSpan(Nonce + Tag), sealedName.AsSpan(Nonce, Tag), plain, Bound(course, student));
        return JsonSerializer.Deserialize(plain, ApiJson.Default.PersonName)!;
    }

    private static byte[] Bound(string course, string student) => Encoding.UTF8.GetBytes($"{course}|{student}");
}
