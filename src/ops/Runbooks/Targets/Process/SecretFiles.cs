using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Secrets as files, one directory for each service: made once, never printed, never in an argument or an environment.</summary>
public static class SecretFiles
{
    public static void Ensure(StateDirectory state) => Ensure(state, Secrets.Directories, [.. Secrets.All, .. Secrets.OnProcesses]);

    public static void Ensure(StateDirectory state, IEnumerable<string> directories) => Ensure(state, directories, Secrets.All);

    private static void Ensure(StateDirectory state, IEnumerable<string> directories, IReadOnlyList<SecretSpec> secrets)
    {
        foreach (var service in directories)
        {
            PrivateFiles.CreateDirectory(Path.Combine(state.Secrets, service));
        }
        foreach (var secret in secrets)
        {
            var value = secret.Services.Select(s => state.Secret(s, secret.Name)).FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? Create(state, secret);
            foreach (var service in secret.Services.Where(s => state.Secret(s, secret.Name) != value))
            {
                PrivateFiles.Write(Path.Combine(state.Secrets, service, secret.Name), Encoding.ASCII.GetBytes(value));
            }
        }
    }

    private static string Create(StateDirectory state, SecretSpec secret)
    {
        // A new key beside old data would make them unreadable for good, without anybody noticing at first.
        if (secret.Kind == SecretKind.Key && Directory.Exists(state.Data) && Directory.EnumerateFileSystemEntries(state.Data).Any(HasContent))
        {
            throw new OperationError(
                ErrorKind.Refused, $"the secret {secret.Name} is missing, but {state.Data} holds data that were written with it",
                $"put the file back to {Path.Combine(state.Secrets, secret.Services[0], secret.Name)}; to begin with empty data: provost destroy");
        }
        var bytes = RandomNumberGenerator.GetBytes(32);
        return secret.Kind == SecretKind.Key ? Convert.ToBase64String(bytes) : Base64Url.EncodeToString(bytes);
    }

    private static bool HasContent(string path) => !Directory.Exists(path) || Directory.EnumerateFileSystemEntries(path).Any();
}
