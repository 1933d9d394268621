using System.Globalization;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Building;

/// <summary>What a build is made from: commit, its time, and where the source lives.</summary>
public sealed record SourceIdentity(string Revision, DateTimeOffset Time, string Address)
{
    /// <summary>By git; SOURCE_DATE_EPOCH wins over the commit's time (https://reproducible-builds.org/specs/source-date-epoch/).</summary>
    public static async Task<SourceIdentity> ReadAsync(string root, CancellationToken cancellation)
    {
        var commit = await GitAsync(root, ["log", "-1", "--format=%H %ct"], cancellation);
        var parts = commit?.Split(' ') ?? [];
        var changed = commit is not null && await GitAsync(root, ["status", "--porcelain", "--untracked-files=no"], cancellation) is { Length: > 0 };
        var time = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH") ?? parts.ElementAtOrDefault(1) ?? "0";
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            throw new OperationError(ErrorKind.Configuration, $"SOURCE_DATE_EPOCH is \"{time}\"", "set it to seconds since 1970, or unset it");
        }
        return new(
            parts.Length == 2 ? parts[0][..12] + (changed ? "-changed" : "") : "unknown",
            DateTimeOffset.FromUnixTimeSeconds(seconds),
            WithoutCredentials(await GitAsync(root, ["remote", "get-url", "origin"], cancellation)));
    }

    internal static string WithoutCredentials(string? address) => string.IsNullOrWhiteSpace(address) ? "unknown"
        : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is ("https" or "http" or "ssh") ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri.ToString()
        : address.Contains('@', StringComparison.Ordinal) ? address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..]
        // A folder of this machine says nothing to others.
        : "unknown";

    private static async Task<string?> GitAsync(string root, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (Shell.Find("git") is null)
        {
            return null;
        }
        var (exit, lines) = await Shell.RunAsync(new("git", arguments, root), null, cancellation);
        return exit == 0 ? string.Join('\n', lines).Trim() : null;
    }
}
