using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Provost.Runbooks.Doctor;

namespace Provost.Runbooks.Images.Registries;

/// <summary>How a registry of the installation's own is at this moment.</summary>
/// <param name="Problem">Why it does not answer; null when it does.</param>
/// <param name="CertificateUntil">Null when this user may not read the certificate.</param>
/// <param name="FreeMebibytes">On the disk of what was pushed.</param>
public sealed record RegistryHealth(string Address, bool Answers, string? Problem, DateTimeOffset? CertificateUntil, long FreeMebibytes)
{
    private const string Check = "registry";
    private const long NeededMebibytes = 2048;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    // Half of the time in which `up` renews it.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(15);

    /// <returns>Null when it was never started.</returns>
    public static async Task<RegistryHealth?> OfAsync(RegistryContainer registry, CancellationToken cancellation)
    {
        var folder = registry.Own.Folder;
        if (!File.Exists(RegistryFolder.ComposeFile(folder)))
        {
            return null;
        }
        var problem = await ProblemAsync(registry.Address, cancellation);
        return new RegistryHealth(registry.Address.ToString(), problem is null, problem?.Message, CertificateEnd(RegistryFolder.CertificateFile(folder)), new DriveInfo(folder).AvailableFreeSpace >> 20);
    }

    /// <summary>Whether a registry answers and lets us in; for one of the installation's own also its certificate and its disk.</summary>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(ConfiguredRegistry? configured, RegistryContainer? own, TimeProvider time, CancellationToken cancellation) =>
        configured is null || (configured.Own is not null && own is null) ? []
        : own is null ? [Reach(configured.Address.ToString(), await ProblemAsync(configured.Address, cancellation))]
        : await OfAsync(own, cancellation) is { } health ? health.Findings(own.Own.Folder, time.GetUtcNow())
        : [new Finding(Check, true, $"{own.Address} was never started: provost up -d does it", null)];

    internal IReadOnlyList<Finding> Findings(string folder, DateTimeOffset now) =>
    [
        Answers ? new Finding(Check, true, $"{Address} answers", null)
            : new Finding(Check, false, Problem!, $"provost up -d starts it; docker compose --project-directory {folder} logs shows what it says"),
        .. CertificateUntil is { } until ? new[] { Certificate(until, now) } : [],
        FreeMebibytes >= NeededMebibytes ? new Finding(Check, true, Invariant($"{FreeMebibytes} MiB free for images"), null)
            : new Finding(Check, false, Invariant($"only {FreeMebibytes} MiB are free where its images lie ({folder})"), "provost images prune gives some back; or set registry.own.folder to another disk"),
    ];

    public override string ToString() => Answers
        ? Invariant($"{Address} answers{(CertificateUntil is { } until ? Invariant($", certificate until {until:yyyy-MM-dd}") : "")}, {FreeMebibytes} MiB free") : Problem!;

    private static Finding Certificate(DateTimeOffset until, DateTimeOffset now)
    {
        var words = Invariant($"its certificate is good until {until:yyyy-MM-dd}");
        return until - now > RenewBefore ? new Finding(Check, true, words, null) : new Finding(Check, false, words, "provost up -d renews it");
    }

    private static Finding Reach(string address, OperationError? problem) =>
        problem is null ? new Finding(Check, true, $"{address} answers", null) : new Finding(Check, false, problem.Message, problem.Remedy);

    private static async Task<OperationError?> ProblemAsync(RegistryAddress address, CancellationToken cancellation)
    {
        try
        {
            using var connection = new RegistryConnection(address, Patience);
            await connection.RequireAsync(cancellation);
            return null;
        }
        catch (OperationError e)
        {
            return e;
        }
    }

    private static DateTimeOffset? CertificateEnd(string file)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
            return certificate.NotAfter.ToUniversalTime();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
