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
    public const string Name = "Backup__Key";

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
            throw new OperationError(ErrorKind.Refused, $"the secret {Name} is damaged", "remove the file and give the recovery kit: provost recovery-kit check --adopt", cause: e);
        }
    }

    public static RepositoryKeys ReadOrCreate(StateDirectory state)
    {
        if (Read(state) is { } keys)
        {
            return keys;
        }
        var made = new RepositoryKeys(RandomNumberGenerator.GetBytes(RepositoryKeys.SeedLength));
        Write(state, made);
        return made;
    }

    public static void Write(StateDirectory state, RepositoryKeys keys)
    {
        PrivateFiles.CreateDirectory(state.Secrets);
        PrivateFiles.CreateDirectory(Path.Combine(state.Secrets, Secrets.Operator));
        PrivateFiles.Write(Path.Combine(state.Secrets, Secrets.Operator, Name), Encoding.ASCII.GetBytes(Convert.ToBase64String(keys.Seed())));
    }
}
