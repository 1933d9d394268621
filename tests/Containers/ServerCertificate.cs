using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provost.Containers.Tests;

/// <summary>A certificate of a server, by an authority that nobody trusts yet.</summary>
internal sealed record ServerCertificate(string Authority, string Certificate, string Key)
{
    /// <param name="names">Host names or IP addresses.</param>
    public static ServerCertificate Create(params string[] names)
    {
        var from = TimeProvider.System.GetUtcNow().AddDays(-1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Campus authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(from, from.AddDays(30));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Alternatives(names));
        using var certificate = request.Create(authority, from, from.AddDays(20), RandomNumberGenerator.GetBytes(8));
        return new(authority.ExportCertificatePem() + "\n", certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static X509Extension Alternatives(string[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }
        return builder.Build();
    }
}
