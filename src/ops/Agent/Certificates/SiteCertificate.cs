using Provost.Rendering.Process;
using Provost.Runbooks.Authorities;

namespace Provost.Agent.Certificates;

/// <summary>The certificate of a site, issued and renewed by the installation's own authority.</summary>
public static class SiteCertificate
{
    /// <summary>Issues what is missing or due; true when the server's certificate changed.</summary>
    /// <param name="authorityFile">Certificate of the authority; its key lies beside it and goes nowhere.</param>
    public static bool Ensure(string domain, string authorityFile, string chainFile, string keyFile, TimeProvider time) =>
        new Authority(new CertificateSpec(domain, authorityFile, chainFile, keyFile), time).Ensure();
}
