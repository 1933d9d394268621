using System.Security.Cryptography;
using System.Text;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Backups.Keys;

/// <summary>The seed of the repositories as the installation holds it, so that backups need no person.</summary>
public static class BackupKey
{
    public const string Name = Prefix + "Key";

    /// <summary>Begins the names of the operator's secrets that open repositories and buckets.</summary>
    internal const string Prefix = "Backup__";

    /// <summary>Null when this installation has made no backup yet.</summary>
    public static RepositoryKeys? Read(StateDirectory state)
    {
        if (state.Secret(Secrets.Operator, Name) is not { } text)
        {
            return null;
        }
        try
        {
            return new RepositoryKeys(Convert.FromBase64String(text));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new OperationError(ErrorKind.Refused, $"the secret {Name} is damaged", "remove the file and give the recovery kit: provost recovery-kit adopt FILE", cause: e);
        }
    }

    /// <summary>Null also when it is damaged.</summary>
    internal static RepositoryKeys? ReadIfWhole(StateDirectory state)
    {
        try
        {
            return Read(state);
        }
        catch (OperationError)
        {
            return null;
        }
    }

    /// <summary>Makes a key where there is none, and no repository that would need another.</summary>
    public static async Task<RepositoryKeys> ReadOrCreateAsync(BackupSite site, CancellationToken cancellation)
    {
        var state = site.State;
        if (Read(state) is { } keys)
        {
            return keys;
        }
        foreach (var place in site.Places())
        {
            using (place)
            {
                await RequireNoneAsync(place, cancellation);
            }
        }
        var made = new RepositoryKeys(RandomNumberGenerator.GetBytes(RepositoryKeys.SeedLength));
        Write(state, made);
        return made;
    }

    private static async Task RequireNoneAsync(BackupPlace place, CancellationToken cancellation)
    {
        try
        {
            if (await Repository.ReadSettingsAsync(place.Store, cancellation) is null)
            {
                return;
            }
        }
        catch (OperationError e) when (e.Kind is not ErrorKind.Refused)
        {
            // Out of reach, as it may be for the whole first backup: that one goes to the others.
            return;
        }
        throw new OperationError(
            ErrorKind.Refused, $"this installation has no key for backups, but there is a repository at {place.Store.Place} already",
            $"give it the key back: provost recovery-kit adopt FILE; or set another place for {place.Name} in provost.yaml");
    }

    public static void Write(StateDirectory state, RepositoryKeys keys)
    {
        PrivateFiles.CreateDirectory(state.Secrets);
        PrivateFiles.CreateDirectory(Path.Combine(state.Secrets, Secrets.Operator));
        PrivateFiles.Write(Path.Combine(state.Secrets, Secrets.Operator, Name), Encoding.ASCII.GetBytes(Convert.ToBase64String(keys.Seed())));
    }
}
