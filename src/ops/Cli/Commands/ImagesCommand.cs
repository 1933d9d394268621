using System.CommandLine;
using System.Text.Json.Nodes;
using Provost.Runbooks;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Archives;
using Provost.Runbooks.Images.Building;

namespace Provost.Cli.Commands;

/// <summary>provost images build|list|push|pull|scan|sbom|prune|registry: the container images of the platform.</summary>
internal static class ImagesCommand
{
    /// <summary>Named here and compared by a test: to ask for them would make every help load what builds images.</summary>
    public static Argument<string[]> Names { get; } = new("IMAGE") { Description = "Which images (default: all): backend, wasm-builder, frontend, gateway, stores, agent, backup", Arity = ArgumentArity.ZeroOrMore };
    public static Option<string?> Release { get; } = new("--release") { Description = "Version of the images, MAJOR.MINOR.PATCH (default: of this tool)", HelpName = "VERSION" };
    public static Option<string?> Revision { get; } = new("--revision") { Description = "Revision of the source (default: the commit)", HelpName = "COMMIT" };
    public static Option<string> Prefix { get; } = new("--prefix") { Description = "What the names start with on this machine", HelpName = "NAME", DefaultValueFactory = _ => "provost" };
    public static Option<FileInfo?> Lock { get; } = new("--lock") { Description = "The lock file (default: deploy/images.lock.json; a site may have its own, images.lock.json beside provost.yaml)", HelpName = "FILE" };

    public static Command Create() => new("images", "Build, list, push, pull, scan and prune the container images")
    {
        ImagesBuildCommand.Create(),
        ImagesListCommand.Create(),
        ImagesPushCommand.Create(),
        ImagesPullCommand.Create(),
        ImagesScanCommand.Create(),
        ImagesSbomCommand.Create(),
        ImagesPruneCommand.Create(),
        ImagesRegistryCommand.Create(),
    };

    public static string RootOf(this Invocation _) => Invocation.Checkout?.Root
        ?? throw new OperationError(ErrorKind.Machine, "this tool was installed without the sources that images are built from", "run ./provost in a checkout");

    public static OciLayout Layout(this Invocation invocation) => new(Path.Combine(invocation.RootOf(), "artifacts", "images"));

    public static string LockFile(this Invocation invocation) =>
        invocation.Parsed.GetValue(Lock)?.FullName ?? Path.Combine(invocation.RootOf(), "deploy", "images.lock.json");

    public static async Task<(ImageTags Tags, SourceIdentity Source)> TagsAsync(this Invocation invocation)
    {
        var source = await SourceIdentity.ReadAsync(invocation.RootOf(), invocation.Cancellation);
        return (ImageTags.Parse(invocation.Parsed.GetValue(Release) ?? ToolVersion.Short, invocation.Parsed.GetValue(Revision) ?? source.Revision), source);
    }

    public static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    public static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
