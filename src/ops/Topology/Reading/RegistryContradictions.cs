using Provost.Topology.Model;

namespace Provost.Topology.Reading;

/// <summary>Keys of the registry that are fine one by one and wrong together, or with the sites.</summary>
internal static class RegistryContradictions
{
    public static IEnumerable<(string Key, string Problem, string Remedy)> In(Installation installation)
    {
        var registry = installation.Registry;
        return registry.Own is { } own ? [.. Own(registry), .. Place(own, installation), .. Reach(own, installation)]
            : registry.Address is null ? Nowhere(registry) : Account(registry);
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Nowhere(Registry registry)
    {
        if (registry != new Registry())
        {
            yield return ("registry", "names no registry", "set address to that of a registry, or own for one that provost up starts");
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Account(Registry registry)
    {
        if (registry.User is not null && registry.PasswordFile is null)
        {
            yield return ("registry.user", "has no password", "set passwordFile to a file that holds it, or remove user");
        }
        if (registry.PasswordFile is not null && registry.User is null)
        {
            yield return ("registry.passwordFile", "is set, but no user has that password", "set user, or remove passwordFile");
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Own(Registry registry)
    {
        if (registry.Address is not null)
        {
            yield return ("registry.address", "is set beside own", "keep one: own is a registry that provost runs, address is somebody else's");
        }
        foreach (var (key, value) in new[] { ("user", registry.User), ("passwordFile", registry.PasswordFile), ("authorityFile", registry.AuthorityFile) })
        {
            if (value is not null && registry.Address is null)
            {
                yield return ($"registry.{key}", "is set beside own, whose account and certificate are made by themselves", $"remove {key}, or own");
            }
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Place(OwnRegistry own, Installation installation)
    {
        var machines = installation.Sites.Where(s => s.Value.Target is not Target.Kubernetes).Select(s => s.Key).Order(StringComparer.Ordinal).ToList();
        var choice = machines.Count == 0 ? "add a site with target compose or process" : $"set it to {string.Join(" or ", machines)}";
        if (own.Site is { } named && !machines.Contains(named))
        {
            yield return ("registry.own.site", installation.Sites.ContainsKey(named) ? $"{named} runs on Kubernetes" : $"there is no site {named}", choice);
        }
        else if (own.Site is null && machines.Count != 1)
        {
            yield return ("registry.own.site", machines.Count == 0 ? "is missing, and no site runs on a machine" : $"is missing, and {machines.Count} sites run on machines", choice);
        }
        else if (installation.Sites[installation.RegistrySite()!] is var site && own.Port == (site.Domain is null ? site.Http.Port : site.Https.Port))
        {
            yield return ("registry.own.port", $"{own.Port} is the public port of the site {installation.RegistrySite()} too", "use another one");
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Reach(OwnRegistry own, Installation installation) => installation.Sites
        .Where(s => own.Host == OwnRegistry.ThisMachine && s.Value.Target is Target.Kubernetes && s.Value.Kubernetes.Images.Registry is null)
        .Select(s => ("registry.own.host", $"is {own.Host}, where the nodes of the site {s.Key} find no registry", $"set a name that they know, or sites.{s.Key}.kubernetes.images.registry"));
}
