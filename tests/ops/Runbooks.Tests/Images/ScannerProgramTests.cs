using Provost.Runbooks.Images.Scans;
using Provost.Runbooks.Images.Scans.Scanners;

namespace Provost.Runbooks.Tests.Images;

public sealed class ScannerProgramTests
{
    private static readonly ScanSubject Subject = new("backend", [], _ => Task.FromResult("/image.tar"));

    [Fact]
    public async Task Trivys_report_becomes_findings()
    {
        using var trivy = new FakeProgram("trivy", """
            [ "$1 $7 $8" = "image --input /image.tar" ] || { echo "called with $*" >&2; exit 3; }
            echo '{"Results":[{"Target":"debian 12"},{"Vulnerabilities":[{"VulnerabilityID":"CVE-2026-1","PkgName":"libssl3","InstalledVersion":"3.0.1","FixedVersion":"3.0.2","Severity":"CRITICAL"}]}]}'
            """);

        var result = await new TrivyScanner(trivy.Path).ScanAsync(Subject, TestContext.Current.CancellationToken);

        Assert.Empty(result.Incomplete);
        Assert.Equal([new Finding("backend", "CVE-2026-1", Severity.Critical, "libssl3 3.0.1", "update libssl3 to 3.0.2")], result.Findings);
    }

    [Fact]
    public async Task Grypes_report_becomes_findings()
    {
        using var grype = new FakeProgram("grype", """
            [ "$4" = "docker-archive:/image.tar" ] || { echo "called with $*" >&2; exit 3; }
            echo '{"matches":[{"vulnerability":{"id":"CVE-2026-2","severity":"Negligible","fix":{"versions":[],"state":"wont-fix"}},"artifact":{"name":"zlib1g","version":"1.2"}}]}'
            """);

        var result = await new GrypeScanner(grype.Path).ScanAsync(Subject, TestContext.Current.CancellationToken);

        Assert.Equal([new Finding("backend", "CVE-2026-2", Severity.Low, "zlib1g 1.2", "no fixed version is known")], result.Findings);
    }

    [Theory]
    [InlineData("echo 'database is locked' >&2; exit 1", "database is locked")]
    [InlineData("echo 'not json'", "cannot be read")]
    [InlineData("echo '{}'", "cannot be read")]
    public async Task A_scanner_that_fails_makes_the_scan_incomplete(string script, string reason)
    {
        using var grype = new FakeProgram("grype", script);

        var result = await new GrypeScanner(grype.Path).ScanAsync(Subject, TestContext.Current.CancellationToken);

        Assert.Contains(reason, Assert.Single(result.Incomplete).Reason, StringComparison.Ordinal);
    }
}
