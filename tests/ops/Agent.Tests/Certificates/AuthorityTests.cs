using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Authorities;
using Provost.Rendering.Process;

namespace Provost.Agent.Tests.Certificates;

public sealed class AuthorityTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("provost-ca-").FullName;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Issues_a_server_certificate_that_its_authority_vouches_for()
    {
        Assert.True(Authority("insights.example.edu").Ensure());

        using var authority = X509CertificateLoader.LoadCertificateFromFile(Spec("").AuthorityFile);
        using var server = X509Certificate2.CreateFromPemFile(Spec("").ChainFile, Spec("").KeyFile);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        Assert.True(chain.Build(server), string.Join(' ', chain.ChainStatus.Select(s => s.StatusInformation)));
        Assert.True(server.MatchesHostname("insights.example.edu"));
        Assert.False(server.MatchesHostname("other.example.edu"));
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Renews_in_the_last_third_and_not_before_and_keeps_the_authority()
    {
        Authority("a.example.edu").Ensure();
        var authority = File.ReadAllText(Spec("").AuthorityFile);

        time.Advance(TimeSpan.FromDays(59));
        Assert.False(Authority("a.example.edu").Ensure());
        time.Advance(TimeSpan.FromDays(2));
        Assert.True(Authority("a.example.edu").Ensure());

        Assert.Equal(authority, File.ReadAllText(Spec("").AuthorityFile));
        Assert.False(Authority("a.example.edu").Ensure());
    }

    [Fact]
    public void Another_domain_gets_another_certificate()
    {
        Authority("a.example.edu").Ensure();

        Assert.True(Authority("b.example.edu").Ensure());

        using var server = X509CertificateLoader.LoadCertificateFromFile(Spec("").ChainFile);
        Assert.True(server.MatchesHostname("b.example.edu"));
    }

    private Authority Authority(string domain) => new(Spec(domain), time);

    private CertificateSpec Spec(string domain) => new(domain, $"{folder}/ca.crt", $"{folder}/server.crt", $"{folder}/server.key");
}
