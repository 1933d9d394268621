using Provost.WebHost.Bundles;

namespace Provost.WebHost.Tests.Bundles;

public sealed class FingerprintTests
{
    [Theory]
    [InlineData("_framework/dotnet.native.0b5v9y1mfx.wasm", true)]
    [InlineData("_framework/dotnet.abcdefghij.js", true)]
    [InlineData("_framework/blazor.webassembly.js", false)]
    [InlineData("css/site.a1b2c3d4e5.css", true)]
    [InlineData("css/site.javascript.css", false)]
    [InlineData("index.html", false)]
    [InlineData("_content/MudBlazor/MudBlazor.min.css", false)]
    public void Knows_a_fingerprint(string path, bool expected) => Assert.Equal(expected, Fingerprint.IsIn(path));
}
