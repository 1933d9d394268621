using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Provost.Runbooks.Backups.Keys;

namespace Provost.Runbooks.Backups.Repositories;

/// <param name="Endpoint">Null for AWS.</param>
/// <param name="Prefix">Folder within the bucket.</param>
public sealed record S3Address(string Bucket, string? Endpoint, string Region, string? Prefix);

/// <summary>
/// A repository in a bucket. Requests that failed are sent again; what was sent counts only when the service answers with
/// the checksum of exactly these bytes.
/// </summary>
public sealed class S3Store : IObjectStore
{
    private const int Attempts = 6;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private readonly AmazonS3Client client;
    private readonly S3Address address;
    private readonly string prefix;
    private readonly TimeSpan firstPause;

    public S3Store(S3Address address, BucketKeys keys, TimeSpan? firstPause = null, TimeSpan? answerLimit = null)
    {
        this.address = address;
        this.firstPause = firstPause ?? TimeSpan.FromMilliseconds(250);
        prefix = string.IsNullOrEmpty(address.Prefix) ? "" : address.Prefix.Trim('/') + "/";
        var settings = new AmazonS3Config
        {
            ForcePathStyle = address.Endpoint is not null,
            AuthenticationRegion = address.Region,
            Timeout = answerLimit ?? AnswerLimit,
            MaxErrorRetry = 0, // this class sends again itself, and says why in the end
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (address.Endpoint is { } endpoint)
        {
            settings.ServiceURL = endpoint;
        }
        else
        {
            settings.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(address.Region);
        }
        client = new AmazonS3Client(new BasicAWSCredentials(keys.AccessKey, keys.SecretKey), settings);
    }

    public string Place => $"{address.Endpoint ?? "s3:"}/{address.Bucket}/{prefix}".TrimEnd('/');

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = address.Bucket, Prefix = this.prefix + prefix };
        do
        {
            var page = await AgainAsync("listed", () => client.ListObjectsV2Async(request, cancellation), cancellation);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return new StoredFile(found.Key[this.prefix.Length..], found.Size ?? 0, found.LastModified?.ToUniversalTime() ?? default);
            }
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public Task<byte[]?> ReadAsync(string name, CancellationToken cancellation) => AgainAsync("read", async () =>
    {
        try
        {
            using var answer = await client.GetObjectAsync(address.Bucket, prefix + name, cancellation);
            using var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content, cancellation);
            return content.Length == answer.ContentLength ? content.ToArray() : throw new IOException($"the answer broke off after {content.Length} of {answer.ContentLength} bytes");
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }, cancellation);

    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => PutAsync(name, content, onlyNew: false, cancellation);

    public async Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        // Not every service knows the condition: looking first serves those, and the condition the others.
        return await ReadAsync(name, cancellation) is null && await PutAsync(name, content, onlyNew: true, cancellation);
    }

    public Task DeleteAsync(string name, CancellationToken cancellation) =>
        AgainAsync("changed", () => client.DeleteObjectAsync(address.Bucket, prefix + name, cancellation), cancellation);

    public void Dispose() => client.Dispose();

    private Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, bool onlyNew, CancellationToken cancellation)
    {
#pragma warning disable CA5351 // The protocol's checksum against accidents on the way; what protects the content is its own encryption.
        var digest = MD5.HashData(content.Span);
#pragma warning restore CA5351
        return AgainAsync("written", async () =>
        {
            using var body = new MemoryStream(content.ToArray(), writable: false);
            var request = new PutObjectRequest
            {
                BucketName = address.Bucket,
                Key = prefix + name,
                InputStream = body,
                // What arrives differently is refused by the service; what it says arrived is compared below.
                MD5Digest = Convert.ToBase64String(digest),
                UseChunkEncoding = false,
            };
            request.IfNoneMatch = onlyNew ? "*" : null;
            try
            {
                var answer = await client.PutObjectAsync(request, cancellation);
                return IsChecksum(answer.ETag) && answer.ETag.Trim('"') != Convert.ToHexStringLower(digest)
                    ? throw new IOException("the service stored other bytes than it was sent") : true;
            }
            catch (AmazonS3Exception e) when (onlyNew && e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
            {
                return false;
            }
        }, cancellation);
    }

    // With some kinds of encryption at rest the tag is no MD5, and then it says nothing.
    private static bool IsChecksum(string? tag) => tag?.Trim('"') is { Length: 32 } text && text.All(char.IsAsciiHexDigit);

    private async Task<T> AgainAsync<T>(string what, Func<Task<T>> request, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await request();
            }
            catch (Exception e) when (e is AmazonServiceException or AmazonClientException or IOException or HttpRequestException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                if (attempt == Attempts || IsFinal(e))
                {
                    throw Failed(what, e);
                }
                await Task.Delay(firstPause * (1 << (attempt - 1)), TimeProvider.System, cancellation);
            }
        }
    }

    private static bool IsFinal(Exception error) => error is AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.MovedPermanently } or AmazonS3Exception { ErrorCode: "NoSuchBucket" };

    private OperationError Failed(string what, Exception error) => new(
        ErrorKind.Machine, $"{Place} cannot be {what}: {error.Message}",
        error is AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized }
            ? "check the keys (provost backup login) and what they may do in the bucket" : "check the address and the network; then run the command again: what was written is not written twice",
        cause: error);
}
