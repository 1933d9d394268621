using Provost.Runbooks.Images.Sboms;

namespace Provost.Runbooks.Images.Scans.Scanners;

/// <summary>Finds known vulnerabilities in an image.</summary>
public interface IScanner
{
    Task<CheckResult> ScanAsync(ScanSubject subject, CancellationToken cancellation);
}

/// <param name="Archive">Writes the image as <c>docker save</c> would, and gives its path.</param>
public sealed record ScanSubject(string Image, IReadOnlyList<Component> Components, Func<CancellationToken, Task<string>> Archive);
