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
    public void A_registry_that_runs_starts_anew_only_for_another_certificate_account_or_configuration()
    {
        Assert.True(Write().IsChanged);
        Assert.False(Write().IsChanged);
        Assert.True(Write(password: "another one").IsChanged);
        Assert.False(Write(password: "another one").IsChanged);
        File.Delete(At("config/tls.crt"));
        Assert.True(Write(password: "another one").IsChanged);
    }

    [Fact]
    public void In_the_last_third_of_its_life_the_certificate_is_another_one_by_the_same_authority()
    {
        Write();
        var (certificate, authority) = (File.ReadAllText(At("config/tls.crt")), File.ReadAllText(At("ca.crt")));

        Assert.False(Write(after: TimeSpan.FromDays(59)).IsChanged);
        Assert.True(Write(after: TimeSpan.FromDays(61)).IsChanged);

        Assert.NotEqual(certificate, File.ReadAllText(At("config/tls.crt")));
        Assert.Equal(authority, File.ReadAllText(At("ca.crt")));
    }

    [Theory]
    [InlineData("localhost", "\"127.0.0.1:5443:5000\"")]
    [InlineData("registry.example.edu", "\"5443:5000\"")]
    public void By_the_name_localhost_only_this_machine_reaches_it(string host, string ports)
    {
        Write(host: host);

        Assert.Contains(ports, File.ReadAllText(At("compose.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_is_made_once_and_only_its_owner_reads_it()
    {
        var password = RegistryFolder.Password(folder.FullName);

        Assert.True(password.Length >= 40);
        Assert.Equal(password, RegistryFolder.Password(folder.FullName));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(RegistryFolder.PasswordFile(folder.FullName)));
        Write(password: password);
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories).Where(file => file != At("password")), file => File.ReadAllText(file).Contains(password, StringComparison.Ordinal));
    }

    [Fact]
    public void Removed_it_leaves_only_what_others_put_there()
    {
        Write();
        RegistryFolder.Password(folder.FullName);
        File.WriteAllText(At("data/pushed"), "x");
        File.WriteAllText(At("notes"), "somebody's");

        RegistryFolder.Remove(folder.FullName);

        Assert.Equal([At("notes")], Directory.EnumerateFileSystemEntries(folder.FullName));
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

    private WrittenRegistry Write(string? authority = null, string host = "registry.example.edu", string password = "long enough", TimeSpan after = default) =>
        RegistryFolder.Write(new(folder.FullName, host, 5443, "provost", password, RegistryFiles.Image, authority), new Later(after));

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
