using Provost.Runbooks.Images.Archives;
using Provost.Runbooks.Images.Sboms;
using Provost.Runbooks.Images.Scans.Advisories;
using Provost.Runbooks.Images.Scans.Checks;
using Provost.Runbooks.Images.Scans.Scanners;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Scans;

/// <summary>Scans images: how they start, every file of every layer, and the known vulnerabilities of what is in them.</summary>
public sealed class ImageScan(ScanPolicy policy, IReadOnlyList<IScanner> programs, IScanner builtIn, TimeProvider time)
{
    /// <summary>With the scanners that this machine has.</summary>
    public static ImageScan OfMachine(ScanPolicy policy, string? advisories, HttpClient http, TimeProvider time)
    {
        List<IScanner> programs = [];
        if (Shell.Find("trivy") is not null)
        {
            programs.Add(new TrivyScanner());
        }
        if (Shell.Find("grype") is not null)
        {
            programs.Add(new GrypeScanner());
        }
        return new(policy, programs, BuiltIn(policy, advisories, http, time), time);
    }

    internal static AdvisoryScanner BuiltIn(ScanPolicy policy, string? advisories, HttpClient http, TimeProvider time) => new(
        advisories is null ? null : new AdvisoryFolder(advisories, policy.AdvisoryDays, time),
        new NuGetAdvisories(http, NuGetAdvisories.FeedsOfMachineAsync),
        new NpmAdvisories(http, NpmAdvisories.RegistryOfMachineAsync));

    public async Task<ScanReport> RunAsync(IReadOnlyList<ImageSource> images, Action<string> line, CancellationToken cancellation)
    {
        if (images.Count == 0)
        {
            throw new OperationError(ErrorKind.Failed, "there is no image to scan", "build them first: provost images build");
        }
        var result = CheckResult.Clean;
        foreach (var image in images)
        {
            line($"{image.Name}: scanning");
            result += await ScanAsync(image, cancellation);
        }
        return policy.Apply(result.Findings, result.Incomplete, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
    }

    private async Task<CheckResult> ScanAsync(ImageSource source, CancellationToken cancellation)
    {
        await using var image = await source.OpenAsync(cancellation);
        var secrets = new SecretCheck(source.Name);
        var contents = await ImageContents.ReadAsync(image.Saved, Inventory.IsRecord, secrets.Inspect, cancellation);
        var components = Inventory.Read(contents, ReproducibleImage.BaseLayersOf(image.Saved.Config));
        return secrets.Result(image.Saved.Config)
            + ConfigurationCheck.Run(source.Name, image.Saved.Config)
            + FileCheck.Run(source.Name, contents)
            + OsPackageCheck.Run(source.Name, contents, components)
            + (source.Dockerfile is null ? CheckResult.Clean : DockerfileCheck.Run(source.Name, source.Dockerfile))
            + await VulnerabilitiesAsync(
                new ScanSubject(source.Name, components, image.ArchiveAsync), OsPackageCheck.OfOthers(source.Name, contents, components), cancellation);
    }

    // A program makes up for gaps of the built-in scanner in what both can see. What only our own lists say, it does not see.
    private async Task<CheckResult> VulnerabilitiesAsync(ScanSubject subject, CheckResult beyond, CancellationToken cancellation)
    {
        List<CheckResult> results = [];
        foreach (var scanner in programs)
        {
            results.Add(await scanner.ScanAsync(subject, cancellation));
        }
        var listed = subject.Components.Where(component => component.IsListed).ToList();
        var seen = beyond + await builtIn.ScanAsync(subject with { Components = [.. subject.Components.Except(listed)] }, cancellation);
        var unseen = listed.Count == 0 ? CheckResult.Clean : await builtIn.ScanAsync(subject with { Components = listed }, cancellation);
        var all = results.Aggregate(CheckResult.Clean, (left, right) => left + right);
        var findings = all.Findings.Concat(seen.Findings).Concat(unseen.Findings).DistinctBy(finding => (finding.Rule, finding.Subject)).ToList();
        var isSeen = results.Any(result => result.Incomplete.Count == 0);
        return new(findings, [.. all.Incomplete, .. (isSeen ? [] : seen.Incomplete), .. unseen.Incomplete.Where(one => isSeen || !seen.Incomplete.Contains(one))]);
    }
}
