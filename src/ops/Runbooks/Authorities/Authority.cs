using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Provost.Rendering.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Authorities;

/// <summary>The installation's own certificate authority (ECDSA P-256) and the server certificate that it issues.</summary>
internal sealed class Authority(CertificateSpec spec, TimeProvider time)
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ServerLife = TimeSpan.FromDays(90);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    /// <summary>Issues what is missing, for another name, or in the last third of its life; true when the server certificate changed.</summary>
    public bool Ensure()
    {
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(spec.AuthorityFile)!);
        using var authority = LoadAuthority() ?? CreateAuthority();
        if (IsGood(authority))
        {
            return false;
        }
        IssueServer(authority);
        return true;
    }

    private string AuthorityKeyFile => Path.ChangeExtension(spec.AuthorityFile, ".key");

    private X509Certificate2? LoadAuthority()
    {
        if (!File.Exists(spec.AuthorityFile) || !File.Exists(AuthorityKeyFile))
        {
            return null;
        }
        var loaded = X509Certificate2.CreateFromPemFile(spec.AuthorityFile, AuthorityKeyFile);
        if (loaded.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime > ServerLife)
        {
            return loaded;
        }
        loaded.Dispose();
        return null;
    }

    private X509Certificate2 CreateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Provost authority of {spec.Domain}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        var created = request.CreateSelfSigned(now - ClockSkew, now + AuthorityLife);
        // The key first: a certificate without its key would be taken for an authority that cannot sign.
        PrivateFiles.Write(AuthorityKeyFile, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        PrivateFiles.Write(spec.AuthorityFile, Encoding.ASCII.GetBytes(created.ExportCertificatePem()));
        return created;
    }

    private bool IsGood(X509Certificate2 authority)
    {
        if (!File.Exists(spec.ChainFile) || !File.Exists(spec.KeyFile))
        {
            return false;
        }
        using var server = X509CertificateLoader.LoadCertificateFromFile(spec.ChainFile);
        return server.MatchesHostname(spec.Domain)
            && server.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData)
            && server.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime > ServerLife / 3;
    }

    private void IssueServer(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={spec.Domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(spec.Domain);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var now = time.GetUtcNow();
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using var issued = request.Create(authority, now - ClockSkew, now + ServerLife, serial);
        PrivateFiles.Write(spec.KeyFile, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        PrivateFiles.Write(spec.ChainFile, Encoding.ASCII.GetBytes(issued.ExportCertificatePem() + "\n" + authority.ExportCertificatePem()));
    }
}
