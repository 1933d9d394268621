using Provost.Hosting.Listening;

namespace Provost.Hosting.Tests.Listening;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("fd:3", "fd:3")]
    [InlineData("tcp:127.0.0.1:5001", "tcp:127.0.0.1:5001")]
    [InlineData("tcp:localhost:5001", "tcp:127.0.0.1:5001")]
    [InlineData("tcp:[::1]:5001", "tcp:[::1]:5001")]
    [InlineData("unix:/run/x.sock", "unix:/run/x.sock")]
    public void Reads_the_grammar(string text, string expected) => Assert.Equal(expected, ListenAddress.Parse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("fd:")]
    [InlineData("fd:1")]
    [InlineData("fd:x")]
    [InlineData("fd:-4")]
    [InlineData("tcp:127.0.0.1")]
    [InlineData("tcp:[::1]")]
    [InlineData("tcp:host.example:80")]
    [InlineData("tcp:127.0.0.1:70000")]
    [InlineData("unix:relative.sock")]
    [InlineData("http://127.0.0.1:80")]
    public void Refuses_everything_else(string text) => Assert.Null(ListenAddress.Parse(text));
}
