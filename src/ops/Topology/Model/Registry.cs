using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

[Description("The registry of the installation's images: one of its own, or somebody else's by address. With neither, images stay on the machine that builds them, or `--registry` names where they go.")]
public sealed record Registry
{
    /// <summary>What the images of an installation lie below in a registry of its own.</summary>
    public const string OwnPrefix = "provost";

    [Description("A registry of the installation's own, which `provost up` starts with Docker Compose, with TLS and an account that are made by themselves. `own: {}` is one for this machine alone.")]
    public OwnRegistry? Own { get; init; }

    [Description("Somebody else's registry and the folder in it, like registry.example.edu:5000/provost.")]
    [RegularExpression(@"^[a-zA-Z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*$", ErrorMessage = "a registry and a folder without scheme, like registry.example.edu:5000/provost")]
    public string? Address { get; init; }

    [Description("Account at that registry; none for one that asks nobody.")]
    [RegularExpression(@"^[^\s:]{1,200}$", ErrorMessage = "a name without spaces and colons")]
    public string? User { get; init; }

    [Description("File with the password of that account, relative to the folder of provost.yaml. Nobody else should read it: chmod 600.")]
    [RegularExpression(@"^[^\0]+$", ErrorMessage = "the path of a file")]
    public string? PasswordFile { get; init; }

    [Description("PEM file with the certificate of the authority that signed that registry's, relative to the folder of provost.yaml; what the machine trusts when left out.")]
    [RegularExpression(@"^[^\0]+$", ErrorMessage = "the path of a file")]
    public string? AuthorityFile { get; init; }

    [Description("How many versions of each image `provost images prune` keeps.")]
    [Range(1, 1000)]
    public int Keep { get; init; } = 5;

    /// <summary>What the names of images start with; null where no registry is configured.</summary>
    public string? Images() => Address ?? (Own is null ? null : $"{Own.Host}:{Own.Port}/{OwnPrefix}");
}

[Description("A registry of the installation's own, which `provost up` starts with Docker Compose.")]
public sealed record OwnRegistry
{
    public const string ThisMachine = "localhost";

    public const string DefaultFolder = ".provost-registry";

    [Description("Name under which clients reach it; its certificate is issued for it. With localhost only this machine does.")]
    [RegularExpression(@"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        ErrorMessage = "a host name in lower case without scheme, port or path, like registry.example.edu")]
    public string Host { get; init; } = ThisMachine;

    [Description("Port of the machine.")]
    [Range(1, 65535)]
    public int Port { get; init; } = 5000;

    [Description("Site whose `provost up`, `down` and `destroy` start, stop and remove it, on that site's machine. Left out: the only site that does not run on Kubernetes.")]
    [RegularExpression("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", ErrorMessage = "the name of a site")]
    public string? Site { get; init; }

    [Description("Folder with its files and what was pushed, relative to the folder of provost.yaml. Not in a state directory, which a restore replaces as a whole.")]
    [RegularExpression(@"^[^\0]+$", ErrorMessage = "the path of a directory")]
    public string Folder { get; init; } = DefaultFolder;
}
