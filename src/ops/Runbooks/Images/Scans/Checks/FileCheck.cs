using System.Formats.Tar;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Scans.Checks;

/// <summary>Files that help whoever gets in: setuid programs, programs with capabilities, files that anybody may change, a shell, a package manager.</summary>
internal static class FileCheck
{
    private const int SetUser = 0x800, SetGroup = 0x400, Sticky = 0x200, OthersWrite = 0x2;
    private static readonly HashSet<string> Shells = ["sh", "bash", "dash", "ash", "busybox", "zsh", "ksh"];
    private static readonly HashSet<string> PackageManagers = ["apt", "apt-get", "dpkg", "apk", "dnf", "yum", "microdnf"];
    private static readonly string[] ProgramFolders = ["bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "app"];

    public static CheckResult Run(string image, ImageContents contents) => CheckResult.Of(contents.Files.Values.SelectMany(file => Check(image, file)));

    private static IEnumerable<Finding> Check(string image, ImageFile file)
    {
        if (file.Type is TarEntryType.SymbolicLink)
        {
            yield break;
        }
        var path = "/" + file.Path;
        if (file.IsRegular && (file.Mode & (SetUser | SetGroup)) != 0)
        {
            yield return new(image, (file.Mode & SetUser) != 0 ? "setuid-file" : "setgid-file", Severity.High, path, "remove the file or the bit (chmod a-s): nothing here needs to become another user");
        }
        if (file.HasCapabilities)
        {
            yield return new(image, "file-capability", Severity.High, path, "take them away (setcap -r): nothing here needs rights of root");
        }
        if ((file.Mode & OthersWrite) != 0 && (file.IsRegular || (file.Type is TarEntryType.Directory && (file.Mode & Sticky) == 0)))
        {
            yield return new(image, "world-writable", Severity.Medium, path, "take the right away (chmod o-w); what is written at run time belongs on a volume");
        }
        if (file.IsRegular && (file.Mode & 0x49) != 0 && InProgramFolder(file.Path, out var name))
        {
            if (Shells.Contains(name))
            {
                yield return new(image, "shell-present", Severity.Medium, path, "build on a chiseled base: a service needs no shell");
            }
            if (PackageManagers.Contains(name))
            {
                yield return new(image, "package-manager-present", Severity.Medium, path, "build on a chiseled base: nothing is installed at run time");
            }
        }
    }

    private static bool InProgramFolder(string path, out string name)
    {
        var slash = path.LastIndexOf('/');
        name = path[(slash + 1)..];
        return slash > 0 && ProgramFolders.Contains(path[..slash]);
    }
}
