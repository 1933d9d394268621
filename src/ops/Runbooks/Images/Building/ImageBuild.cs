using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Provost.Runbooks.Images.Archives;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Building;

/// <summary>What to build, and what it is called.</summary>
/// <param name="Source">Where the source comes from, for the label; <c>unknown</c> when there is no telling.</param>
/// <param name="Time">The time of everything in the images: of the commit, so that the same source gives the same digest.</param>
public sealed record BuildOptions(string Root, string Prefix, ImageTags Tags, string Source, DateTimeOffset Time)
{
    public IReadOnlyCollection<string> Names { get; init; } = [];

    /// <summary>The network that RUN steps use.</summary>
    public string? Network { get; init; }

    public bool NoCache { get; init; }

    /// <summary>Pull the bases first and record their digests.</summary>
    public bool Pull { get; init; }

    /// <summary>Images of others that run beside ours: with the bases they are pulled, and their digests recorded.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>Build on the recorded digests only: a release build.</summary>
    public bool Locked { get; init; }
}

/// <param name="Digest">Of the manifest: what a registry will call it.</param>
/// <param name="Id">Of the configuration: what the engine calls it.</param>
/// <param name="Bytes">Compressed, with the base.</param>
/// <param name="BaseBytes">The base alone.</param>
public sealed record BuiltImage(string Image, string Repository, IReadOnlyList<string> Tags, string Digest, string Id, long Bytes, long BaseBytes);

/// <summary>Builds the images with the engine, makes them reproducible, gives them to the engine and to the OCI layout.</summary>
public sealed partial class ImageBuild(DockerEngine engine, OciLayout layout, string lockFile)
{
    /// <summary>How a line ends that names the image whose build begins; the others are what the engine says.</summary>
    public const string Begins = ": building";

    public async Task<IReadOnlyList<BuiltImage>> RunAsync(BuildOptions options, Action<string> line, CancellationToken cancellation)
    {
        await engine.RequireAsync(cancellation);
        using var turn = layout.Lock();
        foreach (var reference in options.Pull ? options.Beside : [])
        {
            line($"{reference}: recording its digest");
            await RecordAsync(reference, cancellation);
        }
        List<BuiltImage> built = [];
        foreach (var image in ImageDefinition.Named(options.Names))
        {
            line(image.Name + Begins);
            built.Add(await BuildAsync(image, options, line, cancellation));
        }
        layout.Sweep();
        return built;
    }

    private async Task<BuiltImage> BuildAsync(ImageDefinition image, BuildOptions options, Action<string> line, CancellationToken cancellation)
    {
        var repository = $"{options.Prefix}/{image.Name}";
        var raw = $"{repository}:{options.Tags.Version}-built";
        var arguments = await ArgumentsAsync(image, options, cancellation);
        if (image.Base is not null)
        {
            await RequireBaseAsync(arguments[image.Base], line, cancellation);
        }
        await engine.BuildAsync(new(image.Dockerfile, options.Root, raw, arguments, options.Network, options.NoCache), line, cancellation);
        try
        {
            return await ReproduceAsync(image, options, raw, arguments, cancellation);
        }
        finally
        {
            await engine.OutputAsync(["image", "rm", "--no-prune", raw], CancellationToken.None);
        }
    }

    private async Task<BuiltImage> ReproduceAsync(
        ImageDefinition image, BuildOptions options, string raw, Dictionary<string, string> arguments, CancellationToken cancellation)
    {
        var work = Directory.CreateTempSubdirectory("provost-image-");
        try
        {
            var saved = await SaveAsync(raw, work.FullName, cancellation);
            var below = image.Base is null ? [] : await LayersAsync(arguments[image.Base], cancellation);
            var (config, layers) = await ReproducibleImage.MakeAsync(saved, below, options.Time, work.FullName, cancellation);
            List<Blob> blobs = [];
            foreach (var layer in layers)
            {
                blobs.Add(await layout.WriteLayerAsync(layer.Digest, layer.Open, cancellation));
            }
            var repository = $"{options.Prefix}/{image.Name}";
            var id = layout.Write(config);
            var manifest = layout.WriteManifest($"{repository}:{options.Tags.Version}", id, blobs);
            await LoadAsync(config, layers, [.. options.Tags.All.Select(tag => $"{repository}:{tag}")], work.FullName, cancellation);
            return new(image.Name, repository, options.Tags.All, manifest.Digest, id.Digest, blobs.Sum(blob => blob.Bytes), blobs.Take(below.Count).Sum(blob => blob.Bytes));
        }
        catch (IOException e) when (e.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase))
        {
            throw new OperationError(ErrorKind.Machine, $"{image.Name} could not be stored: the disk is full", "free some space under artifacts/ and in TMPDIR, and run this again", cause: e);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private async Task<SavedImage> SaveAsync(string name, string folder, CancellationToken cancellation)
    {
        var archive = Path.Combine(folder, "built.tar");
        await using var file = File.Create(archive, 1 << 20);
        await engine.SaveAsync(name, file, cancellation);
        file.Position = 0;
        var saved = await SavedImage.UnpackAsync(file, folder, cancellation);
        File.Delete(archive);
        return saved;
    }

    private async Task LoadAsync(byte[] config, IReadOnlyList<Layer> layers, IReadOnlyList<string> names, string folder, CancellationToken cancellation)
    {
        var archive = Path.Combine(folder, "image.tar");
        await using (var file = File.Create(archive, 1 << 20))
        {
            await DockerArchive.WriteAsync(file, config, layers, names, cancellation);
        }
        await engine.LoadAsync(archive, cancellation);
    }

    private async Task<Dictionary<string, string>> ArgumentsAsync(ImageDefinition image, BuildOptions options, CancellationToken cancellation)
    {
        Dictionary<string, string> arguments = new(StringComparer.Ordinal)
        {
            ["VERSION"] = options.Tags.Version,
            ["REVISION"] = options.Tags.Revision,
            ["SOURCE"] = options.Source,
        };
        foreach (var (name, reference) in Bases(Path.Combine(options.Root, image.Dockerfile)))
        {
            arguments[name] = name == "BUNDLE_IMAGE" ? $"{options.Prefix}/wasm-builder:{options.Tags.Version}" : await BaseAsync(reference, options, cancellation);
        }
        return arguments;
    }

    private async Task<string> BaseAsync(string reference, BuildOptions options, CancellationToken cancellation)
    {
        if (options.Locked)
        {
            return $"{reference}@{ImageLock.Read(lockFile).RequireBase(reference)}";
        }
        if (options.Pull)
        {
            await RecordAsync(reference, cancellation);
        }
        return reference;
    }

    private async Task RecordAsync(string reference, CancellationToken cancellation)
    {
        await engine.PullAsync(reference, cancellation);
        var digest = (await engine.InspectAsync(reference, cancellation))?["RepoDigests"]?.AsArray().Select(known => ((string)known!).Split('@')[1]).FirstOrDefault()
            ?? throw new OperationError(ErrorKind.Failed, $"the engine knows no digest of {reference}", "it was not pulled from a registry: pull it, or build without --pull");
        ImageLock.Read(lockFile).WithBase(reference, digest).Write(lockFile);
    }

    // BuildKit keeps a base that it pulls to itself, and its layers are what tells the base from what is built on it.
    private async Task RequireBaseAsync(string reference, Action<string> line, CancellationToken cancellation)
    {
        if (await engine.InspectAsync(ImageReference.Parse(reference).ForEngine(), cancellation) is null)
        {
            line($"{reference}: pulling the base");
            await engine.PullAsync(ImageReference.Parse(reference).ForEngine(), cancellation);
        }
    }

    private async Task<IReadOnlyList<string>> LayersAsync(string reference, CancellationToken cancellation) =>
        (await engine.InspectAsync(ImageReference.Parse(reference).ForEngine(), cancellation))?["RootFS"]?["Layers"] is JsonArray { Count: > 0 } layers ? [.. layers.Select(layer => (string)layer!)]
            : throw new OperationError(ErrorKind.Failed, $"the engine has no layers of the base {reference}", $"somebody removed it during the build: docker pull {ImageReference.Parse(reference).ForEngine()}, and run this again");

    /// <summary>The bases that a Dockerfile names in its arguments.</summary>
    public static IReadOnlyDictionary<string, string> Bases(string dockerfile) => BaseArgument().Matches(File.ReadAllText(dockerfile))
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["image"].Value.Trim(), StringComparer.Ordinal);

    [GeneratedRegex(@"^ARG (?<name>\w+_IMAGE)=(?<image>.+)$", RegexOptions.Multiline)]
    private static partial Regex BaseArgument();
}
