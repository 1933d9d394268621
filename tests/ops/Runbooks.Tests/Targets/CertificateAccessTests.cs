using Provost.Runbooks.Targets.Compose;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets;

public sealed class CertificateAccessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-certificate-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("rw-r--r--", 0, true)]
    [InlineData("rw-r-----", 1654, true)]
    [InlineData("rw-------", 0, false)]
    [InlineData("rw-------", 1654, true)]
    public void The_user_of_the_gateway_must_be_able_to_read(string mode, uint user, bool may) => Assert.Equal(may, CertificateAccess.MayRead(Mode(mode), (user, 0)));

    [Fact]
    public void A_key_for_its_owner_alone_is_refused_with_what_to_type()
    {
        var (chain, key) = (Write("chain.pem", "rw-r--r--"), Write("key.pem", "rw-------"));

        var error = Assert.Throws<OperationError>(() => CertificateAccess.Require(Site(chain, key)));

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains($"chgrp 1654 {key}", error.Remedy, StringComparison.Ordinal);
        File.SetUnixFileMode(key, Mode("rw-r-----"));
        CertificateAccess.Require(Site(chain, key));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("chain.pem", Assert.Throws<OperationError>(() => CertificateAccess.Require(Site("/nowhere/chain.pem", "/nowhere/key.pem"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_a_certificate_of_ones_own_there_is_nothing_to_read() => CertificateAccess.Require(new Site { Domain = "insights.example.edu" });

    private static Site Site(string chain, string key) => new() { Domain = "insights.example.edu", Https = new Https { Certificate = chain, Key = key } };

    private string Write(string name, string mode)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, "x");
        File.SetUnixFileMode(path, Mode(mode));
        return path;
    }

    private static UnixFileMode Mode(string text) => (UnixFileMode)text.Select((c, i) => c == '-' ? 0 : 1 << (8 - i)).Sum();
}
