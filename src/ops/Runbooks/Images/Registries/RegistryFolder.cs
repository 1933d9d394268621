using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provost.Rendering.Process;
using Provost.Runbooks.Authorities;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Registries;

/// <summary>A registry of one's own, as an operator asks for it.</summary>
/// <param name="Host">The name under which clients reach it.</param>
/// <param name="AuthorityFile">Certificate of the authority that issues, its key beside it; null for one of the folder's own.</param>
/// <param name="Image">The registry's program, by digest when one is recorded.</param>
public sealed record RegistryRequest(string Folder, string Host, int Port, string User, string Password, string Image, string? AuthorityFile = null)
{
    /// <summary>Name of the Compose project.</summary>
    public string Project { get; init; } = "provost-registry";
}

/// <param name="IsChanged">Whether a registry that runs must start anew to read them.</param>
public sealed record WrittenRegistry(IReadOnlyList<string> Files, bool IsChanged);

/// <summary>
/// The folder of a registry of one's own. <c>config/</c> and <c>data/</c> belong to the user of the container, which sees no
/// more of it than these two; the key of the authority stays with the operator.
/// </summary>
public static class RegistryFolder
{
    private const uint PlatformUser = 1654;
    private static readonly string[] Folders = ["config", "data", "authority"];

    public static string ComposeFile(string folder) => Path.Combine(folder, "compose.yaml");

    /// <summary>Certificate of the authority, for clients.</summary>
    public static string AuthorityFile(string folder) => Path.Combine(folder, "ca.crt");

    /// <summary>Certificate that the registry shows.</summary>
    public static string CertificateFile(string folder) => Path.Combine(folder, "config", "tls.crt");

    public static string Data(string folder) => Path.Combine(folder, "data");

    /// <summary>Where a password that was made here lies; it is not mounted.</summary>
    public static string PasswordFile(string folder) => Path.Combine(folder, "password");

    /// <summary>The password of a folder: made once, and never printed.</summary>
    public static string Password(string folder)
    {
        var file = PasswordFile(folder);
        if (!File.Exists(file))
        {
            PrivateFiles.CreateDirectory(folder);
            PrivateFiles.Write(file, Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))));
        }
        return File.ReadAllText(file).Trim();
    }

    /// <summary>Removes what is written here, and what was pushed.</summary>
    public static void Remove(string folder)
    {
        foreach (var name in Folders.Select(name => Path.Combine(folder, name)).Where(Directory.Exists))
        {
            Directory.Delete(name, recursive: true);
        }
        foreach (var file in new[] { ComposeFile(folder), AuthorityFile(folder), PasswordFile(folder) })
        {
            File.Delete(file);
        }
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Writes the files, and issues the certificate when it is missing or due; data, account and authority stay.</summary>
    public static WrittenRegistry Write(RegistryRequest request, TimeProvider time)
    {
        var (config, data) = (Path.Combine(request.Folder, "config"), Data(request.Folder));
        foreach (var folder in new[] { request.Folder, config, data })
        {
            PrivateFiles.CreateDirectory(folder);
        }
        var authority = AuthorityOf(request);
        var isIssued = new Authority(new CertificateSpec(request.Host, authority, CertificateFile(request.Folder), Path.Combine(config, "tls.key")), time).Ensure();
        var isChanged = Write(Path.Combine(config, "config.yml"), RegistryFiles.Configuration(RegistryPlaces.Container)) | WriteAccount(Path.Combine(config, "htpasswd"), request);
        Write(AuthorityFile(request.Folder), File.ReadAllText(authority));
        var (user, group) = Owner();
        Write(ComposeFile(request.Folder), RegistryFiles.Compose(request, string.Create(CultureInfo.InvariantCulture, $"{user}:{group}")));
        Give([config, data, .. Directory.EnumerateFiles(config)], user, group);
        return new(["compose.yaml", "ca.crt", .. Directory.EnumerateFiles(config).Select(file => $"config/{Path.GetFileName(file)}").Order(StringComparer.Ordinal)], isIssued || isChanged);
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

    // A hash has a salt of its own: that of the same password is kept.
    private static bool WriteAccount(string file, RegistryRequest request) =>
        !(File.Exists(file) && RegistryFiles.HasAccount(File.ReadAllText(file), request.User, request.Password)) && Write(file, RegistryFiles.Accounts(request.User, request.Password));

    /// <summary>Whether the file was another one.</summary>
    private static bool Write(string file, string text)
    {
        if (File.Exists(file) && File.ReadAllText(file) == text)
        {
            return false;
        }
        PrivateFiles.Write(file, Encoding.UTF8.GetBytes(text));
        return true;
    }
}
