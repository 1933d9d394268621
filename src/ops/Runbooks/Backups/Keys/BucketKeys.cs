using System.Text;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Backups.Keys;

/// <summary>The keys of a bucket: from `provost backup login`, or from the environment as other tools of S3 take them.</summary>
public sealed record BucketKeys(string AccessKey, string SecretKey)
{
    public static void Write(StateDirectory state, string place, BucketKeys keys)
    {
        state.Create();
        PrivateFiles.CreateDirectory(Path.Combine(state.Secrets, Secrets.Operator));
        PrivateFiles.Write(FileOf(state, place), Encoding.UTF8.GetBytes($"{keys.AccessKey}\n{keys.SecretKey}\n"));
    }

    public static BucketKeys Read(StateDirectory state, string place)
    {
        if (state.Secret(Secrets.Operator, NameOf(place))?.Split('\n') is [var access, var secret])
        {
            return new BucketKeys(access.Trim(), secret.Trim());
        }
        return OfEnvironment() ?? throw new OperationError(
            ErrorKind.Configuration, $"there are no keys for the bucket of the destination {place}", $"give them once: provost backup login {place}");
    }

    /// <summary>For a bucket that no provost.yaml names.</summary>
    public static BucketKeys OfEnvironment(string address) => OfEnvironment() ?? throw new OperationError(
        ErrorKind.Configuration, $"there are no keys for {address}", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, then run the command again");

    private static BucketKeys? OfEnvironment()
    {
        var (id, secret) = (Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID"), Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY"));
        return !string.IsNullOrEmpty(id) && !string.IsNullOrEmpty(secret) ? new BucketKeys(id, secret) : null;
    }

    public override string ToString() => "keys of a bucket";

    private static string NameOf(string place) => BackupKey.Prefix + place;

    private static string FileOf(StateDirectory state, string place) => Path.Combine(state.Secrets, Secrets.Operator, NameOf(place));
}
