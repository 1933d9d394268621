using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Scans.Advisories;

namespace Provost.Runbooks.Images.Scans.Scanners;

/// <summary>Grype, when it is on the PATH: https://github.com/anchore/grype.</summary>
internal sealed class GrypeScanner(string program = "grype") : IScanner
{
    public async Task<CheckResult> ScanAsync(ScanSubject subject, CancellationToken cancellation) => await ScannerProgram.RunAsync(
        subject.Image, program, ["--quiet", "--output", "json", $"docker-archive:{await subject.Archive(cancellation)}"],
        report => Findings(subject.Image, report), cancellation);

    private static IEnumerable<Finding> Findings(string image, JsonNode report) =>
        from match in report["matches"]!.AsArray()
        let found = match["vulnerability"]!
        let package = match["artifact"]!
        let fix = (string?)found["fix"]?["versions"]?.AsArray().FirstOrDefault()
        select new Finding(
            image, (string)found["id"]!, OsvFile.Word((string?)found["severity"]) ?? Severity.High,
            $"{package["name"]} {package["version"]}", fix is null ? "no fixed version is known" : $"update {package["name"]} to {fix}");
}
