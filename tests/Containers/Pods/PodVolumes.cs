using k8s.Models;

namespace Provost.Containers.Tests.Pods;

/// <summary>Volumes of a pod as a kubelet lays them out: owned by root and the pod's group, files of Secrets behind links, modes as asked.</summary>
internal sealed class PodVolumes(PodTree tree, SecretsApi api, string folder)
{
    private const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const UnixFileMode Shared = (UnixFileMode)0b010_111_111_111;
    private const UnixFileMode Claimed = (UnixFileMode)0b010_111_111_101;
    private const UnixFileMode Listed = (UnixFileMode)0b111_101_101;
    private const int UsualMode = 0b110_100_100;

    /// <summary>Arguments of docker run.</summary>
    public async Task<IEnumerable<string>> MountAsync(Pod pod)
    {
        var spec = pod.Template.Spec;
        List<string> arguments = [];
        foreach (var mount in pod.Container.VolumeMounts ?? [])
        {
            var place = await LayOutAsync(pod, mount.Name);
            arguments.AddRange(Bind(mount.SubPath is null ? place : Path.Combine(place, mount.SubPath), mount.MountPath, mount.ReadOnlyProperty ?? false));
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
            return DirectoryAsync(pod, name, Claimed);
        }
        var volume = pod.Template.Spec.Volumes.Single(volume => volume.Name == name);
        if (volume.Secret is { } secret)
        {
            var values = api.Find(secret.SecretName) ?? throw new InvalidOperationException($"{pod.Name}: the Secret {secret.SecretName} does not exist");
            return FilesAsync(pod, name, values, secret.DefaultMode ?? UsualMode);
        }
        if (volume.ConfigMap is { } map)
        {
            return FilesAsync(pod, name, tree.ConfigMap(map.Name), map.DefaultMode ?? UsualMode);
        }
        return volume.EmptyDir is not null ? DirectoryAsync(pod, name, Shared) : throw new NotSupportedException($"{pod.Name}: the volume {name} is of a kind that this story does not know");
    }

    // Kept over the life of a pod's successor, as a claim is.
    private async Task<string> DirectoryAsync(Pod pod, string name, UnixFileMode mode)
    {
        var place = Path.Combine(folder, pod.Name, name);
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
        var data = Directory.CreateDirectory(Path.Combine(place, "..2026")).FullName;
        foreach (var (key, value) in values)
        {
            var file = Path.Combine(data, key);
            await File.WriteAllTextAsync(file, value);
            File.SetUnixFileMode(file, (UnixFileMode)mode);
            File.CreateSymbolicLink(Path.Combine(place, key), Path.Combine("..data", key));
        }
        File.CreateSymbolicLink(Path.Combine(place, "..data"), "..2026");
        await OwnAsync(pod, place);
        File.SetUnixFileMode(place, Listed);
        return place;
    }

    private static async Task OwnAsync(Pod pod, string place) =>
        (await Programs.RunAsync("chown", ["--recursive", "--no-dereference", $"0:{pod.Template.Spec.SecurityContext.FsGroup}", place])).Require();

    private static string[] Bind(string source, string target, bool readOnly) => ["--mount", $"type=bind,source={source},target={target}{(readOnly ? ",readonly" : "")}"];
}
