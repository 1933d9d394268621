using System.Web;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups;

/// <summary>
/// A repository that no provost.yaml names: a directory, or a bucket as s3://BUCKET/PREFIX?endpoint=URL&amp;region=NAME or
/// https://ENDPOINT/BUCKET/PREFIX?region=NAME. Keys of a bucket come from the environment, as other tools of S3 take them.
/// </summary>
public static class RepositoryAddress
{
    private const string DefaultRegion = "us-east-1";
    private const string Forms = "s3://BUCKET/PREFIX?endpoint=https://HOST or https://HOST/BUCKET/PREFIX, each with region=NAME if the service has one";

    /// <summary>Whether this is an address rather than the name of a destination.</summary>
    public static bool Is(string from) => IsBucket(from) || Directory.Exists(from);

    /// <param name="keys">Of a bucket; null for those of the environment.</param>
    public static BackupPlace Open(string from, BucketKeys? keys = null) =>
        new(from, IsBucket(from) ? new S3Store(Parse(from), keys ?? BucketKeys.OfEnvironment(from)) : new DirectoryStore(from));

    internal static S3Address Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            throw Refused(text, "it is no URL");
        }
        var query = HttpUtility.ParseQueryString(url.Query);
        if (query.AllKeys.FirstOrDefault(key => key is not ("endpoint" or "region")) is { } unknown)
        {
            throw Refused(text, $"it has an unknown setting \"{unknown}\"");
        }
        var path = Uri.UnescapeDataString(url.AbsolutePath).Trim('/');
        var region = query["region"] ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? DefaultRegion;
        if (url.Scheme == "s3")
        {
            return new S3Address(url.Host, query["endpoint"], region, path.Length == 0 ? null : path);
        }
        return path.Split('/', 2) switch
        {
            [{ Length: > 0 } bucket, .. var prefix] => new S3Address(bucket, url.GetLeftPart(UriPartial.Authority), region, prefix is [var folder] ? folder : null),
            _ => throw Refused(text, "it names no bucket"),
        };
    }

    private static bool IsBucket(string from) => from.StartsWith("s3://", StringComparison.Ordinal) || from.StartsWith("https://", StringComparison.Ordinal) || from.StartsWith("http://", StringComparison.Ordinal);

    private static OperationError Refused(string text, string why) => new(ErrorKind.Configuration, $"{text} is not the address of a bucket: {why}", Forms);
}
