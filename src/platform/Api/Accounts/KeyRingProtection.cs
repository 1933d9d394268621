using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Provost.Api.Privacy;
using Provost.Hosting.Configuration;

namespace Provost.Api.Accounts;

/// <summary>Wraps the key ring that lives in Redis.</summary>
internal sealed class DataProtectionKeyOptions : IServiceOptions
{
    /// <summary>Base64 of 32 bytes.</summary>
    public Secret Key { get; set; } = new("");

    public IEnumerable<ConfigurationProblem> Problems() => KeyBytes.Problems(Key);
}

/// <summary>AES-256-GCM around each key of the ring: a copy of Redis alone signs nobody in.</summary>
internal sealed class KeyRingEncryptor(DataProtectionKeyOptions options) : IXmlEncryptor
{
    internal const int Nonce = 12;
    internal const int Tag = 16;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var wrapped = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, Nonce));
        using var cipher = new AesGcm(KeyBytes.Of(options.Key), Tag);
        cipher.Encrypt(wrapped.AsSpan(0, Nonce), plain, wrapped.AsSpan(Nonce + Tag), wrapped.AsSpan(Nonce, Tag));
        return new EncryptedXmlInfo(new XElement("wrapped", Convert.ToBase64String(wrapped)), typeof(KeyRingDecryptor));
    }
}

/// <summary>Made by the framework from its type's name in the ring, hence public with this one constructor.</summary>
public sealed class KeyRingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    /// <inheritdoc />
    public XElement Decrypt(XElement encryptedElement)
    {
        var wrapped = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[wrapped.Length - KeyRingEncryptor.Nonce - KeyRingEncryptor.Tag];
        using var cipher = new AesGcm(KeyBytes.Of(services.GetRequiredService<DataProtectionKeyOptions>().Key), KeyRingEncryptor.Tag);
        cipher.Decrypt(
            wrapped.AsSpan(0, KeyRingEncryptor.Nonce), wrapped.AsSpan(KeyRingEncryptor.Nonce + KeyRingEncryptor.Tag),
            wrapped.AsSpan(KeyRingEncryptor.Nonce, KeyRingEncryptor.Tag), plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
