using System.Globalization;
using System.Text;
using Provost.Rendering.Process;
using Provost.Runbooks.Authorities;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Registries;

/// <summary>A registry of one's own, as an operator asks for it.</summary>
/// <param name="Host">The name under which clients reach it.</param>
/// <param name="AuthorityFile">Certificate of the authority that issues, its key beside it; null for one of the folder's own.</param>
/// <param name="Image">The registry's program, by digest when one is recorded.</param>
public sealed record RegistryRequest(string Folder, string Host, int Port, string User, string Password, string Image, string? AuthorityFile = null);

/// <summary>
/// The folder of a registry of one's own. <c>config/</c> and <c>data/</c> belong to the user of the container, which sees no
/// more of it than these two; the key of the authority stays with the operator.
/// </summary>
public static class RegistryFolder
{
    private const uint PlatformUser = 1654;

    /// <summary>Writes the files, and issues the certificate when it is missing or due; data and authority stay. The files' names.</summary>
    public static IReadOnlyList<string> Write(RegistryRequest request, TimeProvider time)
    {
        var (config, data) = (Path.Combine(request.Folder, "config"), Path.Combine(request.Folder, "data"));
        foreach (var folder in new[] { request.Folder, config, data })
        {
            PrivateFiles.CreateDirectory(folder);
        }
        var authority = AuthorityOf(request);
        new Authority(new CertificateSpec(request.Host, authority, Path.Combine(config, "tls.crt"), Path.Combine(config, "tls.key")), time).Ensure();
        Write(config, "config.yml", RegistryFiles.Configuration(RegistryPlaces.Container));
        Write(config, "htpasswd", RegistryFiles.Accounts(request.User, request.Password));
        Write(request.Folder, "ca.crt", File.ReadAllText(authority));
        var (user, group) = Owner();
        Write(request.Folder, "compose.yaml", RegistryFiles.Compose(request.Image, string.Create(CultureInfo.InvariantCulture, $"{user}:{group}"), request.Port));
        Give([config, data, .. Directory.EnumerateFiles(config)], user, group);
        return ["compose.yaml", "ca.crt", .. Directory.EnumerateFiles(config).Select(file => $"config/{Path.GetFileName(file)}").Order(StringComparer.Ordinal)];
    }

    private static string AuthorityOf(RegistryRequest request)
    {
        if (request.AuthorityFile is not { } given)
        {
            return Path.Combine(request.Folder, "authority", "ca.crt");
        }
        return File.Exists(given) && File.Exists(Path.ChangeExtension(given, ".key")) ? given : throw new OperationError(
            ErrorKind.Configuration, $"{given} is not there, or its key {Path.ChangeExtension(given, ".key")} is not",
            "name the certificate of an authority whose key lies beside it, or leave the option out: the registry then gets an authority of its own");
    }

    // Root runs no container as itself; anybody else is who may read the files.
    private static (uint User, uint Group) Owner() => Native.UserId() == 0 ? (PlatformUser, PlatformUser) : (Native.UserId(), Native.GroupId());

    private static void Give(IEnumerable<string> paths, uint user, uint group)
    {
        foreach (var path in paths)
        {
            if (Native.ChangeOwner(path, user, group) != 0)
            {
                throw new OperationError(ErrorKind.Machine, $"{path} could not be given to the registry's user {user}", "run this as root, or as the user who owns the folder");
            }
        }
    }

    private static void Write(string folder, string name, string text) => PrivateFiles.Write(Path.Combine(folder, name), Encoding.UTF8.GetBytes(text));
}
