using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

[Description("One university's platform, described by one provost.yaml. Every key may be left out.")]
public sealed record Installation
{
    [Description("Name of the installation: lower-case letters, digits and hyphens. It is what `provost destroy` asks for.")]
    [RegularExpression("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", ErrorMessage = "1 to 40 lower-case letters, digits and hyphens, starting with a letter")]
    public string Name { get; init; } = "provost";

    [Description("The registry of the installation's images.")]
    public Registry Registry { get; init; } = new();

    [Description("Places where services run, by name. With more than one, `--site NAME` says which is meant.")]
    public IReadOnlyDictionary<string, Site> Sites { get; init; } = new Dictionary<string, Site> { ["local"] = new() };

    /// <summary>The site on whose machine a registry of the installation's own runs; null where there is none.</summary>
    public string? RegistrySite() => Registry.Own is null ? null : Registry.Own.Site ?? Sites.FirstOrDefault(s => s.Value.Target is not Target.Kubernetes).Key;
}
