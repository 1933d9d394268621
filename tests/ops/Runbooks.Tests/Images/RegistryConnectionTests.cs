using System.Net;
using System.Net.Sockets;
using Provost.Runbooks.Images.Registries;

namespace Provost.Runbooks.Tests.Images;

public sealed class RegistryConnectionTests
{
    [Fact]
    public async Task A_registry_that_says_nothing_does_not_hang_the_command()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var connection = new RegistryConnection(new RegistryAddress($"localhost:{((IPEndPoint)silent.LocalEndpoint).Port}", "p"), TimeSpan.FromMilliseconds(200));

        var error = await Assert.ThrowsAsync<OperationError>(() => new RegistryRepository(connection, "p/x").ResolveAsync("1.2.3", TestContext.Current.CancellationToken));

        Assert.Equal(ErrorKind.Machine, error.Kind);
        Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://registry.example:5000/v2/x/blobs/uploads/1?state=a")]
    [InlineData("https://other.example/v2/x/blobs/uploads/1")]
    [InlineData("https://registry.example/v2/x/blobs/uploads/1")]
    public void Credentials_are_not_sent_elsewhere_or_in_the_clear_because_the_registry_says_so(string location)
    {
        using var connection = new RegistryConnection(new RegistryAddress("registry.example:5000", "p"));

        var error = Assert.Throws<OperationError>(() => connection.Own(new Uri(location)));

        Assert.Equal(ErrorKind.Refused, error.Kind);
        Assert.Contains("X-Forwarded-Proto", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/x/blobs/uploads/1?state=a")]
    [InlineData("https://registry.example:5000/v2/x/blobs/uploads/1?state=a")]
    public void Its_own_address_is_taken(string location)
    {
        using var connection = new RegistryConnection(new RegistryAddress("registry.example:5000", "p"));

        Assert.Equal("https://registry.example:5000/v2/x/blobs/uploads/1?state=a", connection.Own(new Uri(location, UriKind.RelativeOrAbsolute)).AbsoluteUri);
    }
}
