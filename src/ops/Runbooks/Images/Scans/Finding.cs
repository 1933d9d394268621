namespace Provost.Runbooks.Images.Scans;

public enum Severity
{
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>Something in an image that should not be there.</summary>
/// <param name="Rule">Stable, for exceptions: e.g. <c>secret-in-layer</c>, <c>CVE-2026-1234</c>.</param>
/// <param name="Subject">What: a path, a package with its version.</param>
public sealed record Finding(string Image, string Rule, Severity Severity, string Subject, string Fix);

/// <summary>A check that could not run: the scan has not passed, whatever else it found.</summary>
public sealed record Incomplete(string Image, string Check, string Reason);

/// <summary>What a check brings back.</summary>
public sealed record CheckResult(IReadOnlyList<Finding> Findings, IReadOnlyList<Incomplete> Incomplete)
{
    public static CheckResult Clean { get; } = new([], []);

    public static CheckResult Of(IEnumerable<Finding> findings) => new([.. findings], []);

    public static CheckResult operator +(CheckResult left, CheckResult right) => new([.. left.Findings, .. right.Findings], [.. left.Incomplete, .. right.Incomplete]);
}

/// <param name="Excepted">Findings that the policy accepts for now, each with the reason.</param>
public sealed record ScanReport(IReadOnlyList<Finding> Findings, IReadOnlyList<Incomplete> Incomplete, IReadOnlyList<(Finding Finding, PolicyException Exception)> Excepted, Severity FailAt)
{
    public bool WithinPolicy => Findings.All(finding => finding.Severity < FailAt);

    /// <summary>Complete and within policy. Nothing else is a pass.</summary>
    public bool Passed => Incomplete.Count == 0 && WithinPolicy;
}
