using System.Security.Cryptography.X509Certificates;
using Provost.Runbooks.Images.Registries;

namespace Provost.Runbooks.Tests.Images;

/// <summary>That a registry starts from these files and takes images is told by the stories.</summary>
public sealed class RegistryFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-registry-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Nobody_but_the_user_of_the_container_reads_the_key_and_that_of_the_authority_is_not_mounted()
    {
        Write();

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(At("config/tls.key")));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(At("authority/ca.key")));
        var compose = File.ReadAllText(At("compose.yaml"));
        Assert.DoesNotContain("user: \"0:", compose, StringComparison.Ordinal);
        Assert.DoesNotContain("authority", compose, StringComparison.Ordinal);
        Assert.Contains("\"5443:5000\"", compose, StringComparison.Ordinal);
    }

    [Fact]
    public void The_certificate_is_issued_for_the_host_by_the_authority_that_clients_are_given()
    {
        Write();

        using var certificate = X509CertificateLoader.LoadCertificateFromFile(At("config/tls.crt"));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(At("ca.crt"));
        Assert.True(certificate.MatchesHostname("registry.example.edu"));
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        Assert.True(chain.Build(certificate));
    }

    [Fact]
    public void Written_again_it_keeps_authority_certificate_and_data()
    {
        Write();
        File.WriteAllText(At("data/pushed"), "x");
        var before = new[] { "config/tls.crt", "config/tls.key", "authority/ca.crt", "ca.crt" }.ToDictionary(name => name, name => File.ReadAllText(At(name)));

        Write();

        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllText(At(file.Key))));
        Assert.True(File.Exists(At("data/pushed")));
    }

    [Fact]
    public void An_authority_without_its_key_is_refused_before_anything_is_issued()
    {
        var authority = At("campus.crt");
        File.WriteAllText(authority, "certificate");

        var error = Assert.Throws<OperationError>(() => Write(authority));

        Assert.Contains("campus.key", error.Message, StringComparison.Ordinal);
        Assert.Equal("certificate", File.ReadAllText(authority));
        Assert.False(File.Exists(At("config/tls.key")));
    }

    private string At(string name) => Path.Combine(folder.FullName, name);

    private void Write(string? authority = null) =>
        RegistryFolder.Write(new(folder.FullName, "registry.example.edu", 5443, "provost", "long enough", RegistryFiles.Image, authority), TimeProvider.System);
}
