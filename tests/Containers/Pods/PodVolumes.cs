using k8s.Models;

namespace Provost.Containers.Tests.Pods;

/// <summary>Volumes of a pod as a kubelet lays them out: owned by root and the pod's group, files of Secrets behind links, modes as asked.</summary>
internal sealed class PodVolumes(PodTree tree, SecretsApi api, string folder)
{
    private const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const UnixFileMode Shared = (UnixFileMode)0b010_111_111_111;
    private const UnixFileMode Claimed = (UnixFileMode)0b010_111_111_101;
    private const UnixFileMode Listed = (UnixFileMode)0b111_101_101;
    private const string Claims = "claims";
    private const string Data = "..2026";
    private const int UsualMode = 0b110_100_100;

    /// <summary>Arguments of docker run.</summary>
    public async Task<IEnumerable<string>> MountAsync(Pod pod)
    {
        var spec = pod.Template.Spec;
        List<string> arguments = [];
        foreach (var mount in pod.Container.VolumeMounts ?? [])
        {
            var place = await LayOutAsync(pod, mount.Name);
            arguments.AddRange(Bind(mount.SubPath is null ? place : await PartAsync(pod, place, mount.SubPath), mount.MountPath, mount.ReadOnlyProperty ?? false));
        }
        if (spec.AutomountServiceAccountToken ?? true)
        {
            var files = new Dictionary<string, string> { ["token"] = api.Token, ["ca.crt"] = api.Authority, ["namespace"] = spec.Containers.Count > 0 ? Namespace : "" };
            arguments.AddRange(Bind(await FilesAsync(pod, "account", files, UsualMode), AccountFolder, readOnly: true));
        }
        return arguments;
    }

    private string Namespace => tree.All<V1Namespace>().Single().Metadata.Name;

    private Task<string> LayOutAsync(Pod pod, string name)
    {
        if (pod.Claims.Any(claim => claim.Metadata.Name == name))
        {
            return DirectoryAsync(pod, Path.Combine(Claims, $"{name}-{pod.Name}"), Claimed);
        }
        var volume = pod.Template.Spec.Volumes.Single(volume => volume.Name == name);
        if (volume.PersistentVolumeClaim is { } claim)
        {
            return DirectoryAsync(pod, Path.Combine(Claims, claim.ClaimName), Claimed);
        }
        if (volume.Projected is { } projected)
        {
            var files = projected.Sources.SelectMany(source => source.Secret.Items.Select(item => KeyValuePair.Create(item.Path, Secret(pod, source.Secret.Name)[item.Key])));
            return FilesAsync(pod, name, files.ToDictionary(), projected.DefaultMode ?? UsualMode);
        }
        if (volume.Secret is { } secret)
        {
            return FilesAsync(pod, name, Secret(pod, secret.SecretName), secret.DefaultMode ?? UsualMode);
        }
        if (volume.ConfigMap is { } map)
        {
            return FilesAsync(pod, name, tree.ConfigMap(map.Name), map.DefaultMode ?? UsualMode);
        }
        return volume.EmptyDir is not null ? DirectoryAsync(pod, Path.Combine(pod.Name, name), Shared) : throw new NotSupportedException($"{pod.Name}: the volume {name} is of a kind that this story does not know");
    }

    private IReadOnlyDictionary<string, string> Secret(Pod pod, string name) => api.Find(name) ?? throw new InvalidOperationException($"{pod.Name}: the Secret {name} does not exist");

    // A folder of a claim is made where there is none; of files behind links it is the folder that the links lead to.
    private static async Task<string> PartAsync(Pod pod, string place, string part)
    {
        if (Directory.Exists(Path.Combine(place, Data)))
        {
            return Path.Combine(place, Data, part);
        }
        var path = Path.Combine(place, part);
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            await OwnAsync(pod, path);
            File.SetUnixFileMode(path, Claimed);
        }
        return path;
    }

    // Kept over the life of a pod's successor, as a claim is, and seen by every pod that mounts it.
    private async Task<string> DirectoryAsync(Pod pod, string name, UnixFileMode mode)
    {
        var place = Path.Combine(folder, name);
        if (!Directory.Exists(place))
        {
            Directory.CreateDirectory(place);
            await OwnAsync(pod, place);
            File.SetUnixFileMode(place, mode);
        }
        return place;
    }

    private async Task<string> FilesAsync(Pod pod, string name, IReadOnlyDictionary<string, string> values, int mode)
    {
        var place = Path.Combine(folder, pod.Name, name);
        if (Directory.Exists(place))
        {
            return place;
        }
        var data = Directory.CreateDirectory(Path.Combine(place, Data)).FullName;
        foreach (var (key, value) in values)
        {
            var file = Path.Combine(data, key);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, value);
            File.SetUnixFileMode(file, (UnixFileMode)mode);
        }
        foreach (var top in values.Keys.Select(key => key.Split('/')[0]).Distinct())
        {
            File.CreateSymbolicLink(Path.Combine(place, top), Path.Combine("..data", top));
        }
        File.CreateSymbolicLink(Path.Combine(place, "..data"), Data);
        await OwnAsync(pod, place);
        File.SetUnixFileMode(place, Listed);
        return place;
    }

    private static async Task OwnAsync(Pod pod, string place) =>
        (await Programs.RunAsync("chown", ["--recursive", "--no-dereference", $"0:{pod.Template.Spec.SecurityContext.FsGroup}", place])).Require();

    private static string[] Bind(string source, string target, bool readOnly) => ["--mount", $"type=bind,source={source},target={target}{(readOnly ? ",readonly" : "")}"];
}
