using System.CommandLine;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Topology.Model;

namespace Provost.Cli.Commands;

/// <summary>What verbs on a Kubernetes site have alike: which cluster is meant, and which images.</summary>
internal static class ClusterOptions
{
    public static Option<FileInfo?> KubeConfigFile { get; } = new("--kubeconfig")
    {
        Description = "Access to the cluster (default: $KUBECONFIG, then ~/.kube/config; in a pod, its service account)",
        HelpName = "FILE",
    };

    public static Option<string?> Context { get; } = new("--context") { Description = "Context of the kubeconfig; needed when it has more than one", HelpName = "NAME" };

    private static readonly Option<string?> Registry = new("--registry") { Description = "Registry and folder of the images, instead of kubernetes.images.registry or registry", HelpName = "HOST/PREFIX" };
    private static readonly Option<string?> Release = new("--release") { Description = "Version of the images, instead of kubernetes.images.release", HelpName = "VERSION" };

    public static void AddImages(this Command command)
    {
        command.Options.Add(Registry);
        command.Options.Add(Release);
    }

    public static void AddCluster(this Command command)
    {
        command.Options.Add(KubeConfigFile);
        command.Options.Add(Context);
    }

    /// <summary>The site that is meant, as its documents are made from it.</summary>
    public static ClusterSite ClusterSite(this Invocation invocation, string? version = null)
    {
        var loaded = invocation.Load();
        var site = loaded.Site.Target is Target.Kubernetes ? loaded.Site : throw new OperationError(
            ErrorKind.Configuration, $"the site {loaded.SiteName} has target: {loaded.Site.Target.ToString().ToLowerInvariant()}", "set target: kubernetes, or name another --site");
        var images = site.Kubernetes.Images;
        images = images with
        {
            Registry = invocation.Parsed.GetValue(Registry)?.TrimEnd('/') ?? images.Registry,
            Release = version ?? invocation.Parsed.GetValue(Release) ?? images.Release,
        };
        var sites = new Dictionary<string, Site>(loaded.Installation.Sites) { [loaded.SiteName] = site with { Kubernetes = site.Kubernetes with { Images = images } } };
        return new ClusterSite(loaded.Installation with { Sites = sites }, loaded.SiteName, ToolVersion.Short) { Configuration = loaded.Text };
    }

    public static ApiConnection Connect(this Invocation invocation)
    {
        var (file, context) = (invocation.Parsed.GetValue(KubeConfigFile)?.FullName, invocation.Parsed.GetValue(Context));
        return new ApiConnection(file is null && context is null && InCluster.Find() is { } inside ? inside : KubeConfig.Read(file is null ? Default() : [file]).Access(context, invocation.Time));
    }

    // $KUBECONFIG may name several files; those that are not there are passed over, as kubectl does.
    private static List<string> Default()
    {
        var named = Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } list
            ? list : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(File.Exists).ToList() is { Count: > 0 } found ? found
            : throw new OperationError(ErrorKind.Configuration, $"there is no kubeconfig at {named}", "name the file: --kubeconfig FILE");
    }
}
