using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Scans.Advisories;

namespace Provost.Runbooks.Images.Scans.Scanners;

/// <summary>Trivy, when it is on the PATH: https://trivy.dev.</summary>
internal sealed class TrivyScanner(string program = "trivy") : IScanner
{
    public async Task<CheckResult> ScanAsync(ScanSubject subject, CancellationToken cancellation) => await ScannerProgram.RunAsync(
        subject.Image, program, ["image", "--quiet", "--format", "json", "--scanners", "vuln", "--input", await subject.Archive(cancellation)],
        report => Findings(subject.Image, report), cancellation);

    private static IEnumerable<Finding> Findings(string image, JsonNode report) =>
        from result in report["Results"]?.AsArray() ?? []
        from found in result?["Vulnerabilities"]?.AsArray() ?? []
        let fix = (string?)found["FixedVersion"]
        select new Finding(
            image, (string)found!["VulnerabilityID"]!, OsvFile.Word((string?)found["Severity"]) ?? Severity.High,
            $"{found["PkgName"]} {found["InstalledVersion"]}", string.IsNullOrEmpty(fix) ? "no fixed version is known" : $"update {found["PkgName"]} to {fix}");
}
