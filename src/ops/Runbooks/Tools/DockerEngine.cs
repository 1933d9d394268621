using System.Text;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Tools;

/// <summary>The container engine, by its command line: build, save, load, pull. Errors say what to do about them.</summary>
public sealed class DockerEngine(string program = "docker", IReadOnlyDictionary<string, string>? environment = null)
{
    /// <summary>The oldest engine whose API has all that is used here: Docker 20.10.</summary>
    public const string OldestApi = "1.41";

    /// <summary>The oldest Compose that reads what is rendered.</summary>
    public const string OldestCompose = "2.20.0";

    /// <summary>The same engine by a command with other settings.</summary>
    public DockerEngine With(IReadOnlyDictionary<string, string> settings) => new(program, settings);

    public async Task<string> RequireAsync(CancellationToken cancellation)
    {
        if (!program.Contains('/', StringComparison.Ordinal) && Shell.Find(program) is null)
        {
            throw new OperationError(ErrorKind.Machine, "Docker is not installed", "install Docker Engine 20.10 or newer (https://docs.docker.com/engine/install/) and run this again");
        }
        var version = JsonNode.Parse(await OutputAsync(["version", "--format", "{{json .}}"], cancellation))?["Server"];
        var api = (string?)version?["ApiVersion"] ?? "";
        if (!Version.TryParse(api, out var has) || has < Version.Parse(OldestApi))
        {
            throw new OperationError(
                ErrorKind.Machine,
                $"the Docker engine is too old: version {version?["Version"]} speaks API {(api.Length == 0 ? "none" : api)}, {OldestApi} (Docker 20.10) is needed",
                "upgrade the engine: https://docs.docker.com/engine/install/");
        }
        return (string)version!["Version"]!;
    }

    public async Task BuildAsync(BuildRequest request, Action<string> line, CancellationToken cancellation)
    {
        List<string> arguments = ["build", "--file", request.Dockerfile, "--tag", request.Tag];
        foreach (var (name, value) in request.Arguments)
        {
            arguments.AddRange(["--build-arg", $"{name}={value}"]);
        }
        if (request.Network is not null)
        {
            arguments.AddRange(["--network", request.Network]);
        }
        if (request.NoCache)
        {
            arguments.Add("--no-cache");
        }
        arguments.Add(".");
        var (exit, lines) = await Shell.RunAsync(Docker(arguments, request.Context), line, cancellation);
        if (exit != 0)
        {
            throw DockerFailure.OfBuild($"{request.Tag} could not be built from {request.Dockerfile}", lines);
        }
    }

    /// <summary>What the engine says of an image or a container; null when it has none by that name.</summary>
    public async Task<JsonNode?> InspectAsync(string image, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        List<string> errors = [];
        var exit = await Shell.StreamAsync(Docker(["image", "inspect", image]), output, errors.Add, cancellation);
        return exit == 0 ? JsonNode.Parse(output.ToArray())?[0]
            : errors.Any(line => line.Contains("No such image", StringComparison.OrdinalIgnoreCase)) ? null
            : throw DockerFailure.Of($"{image} could not be inspected", errors);
    }

    public async Task SaveAsync(string image, Stream archive, CancellationToken cancellation)
    {
        List<string> errors = [];
        if (await Shell.StreamAsync(Docker(["save", image]), archive, errors.Add, cancellation) != 0)
        {
            throw DockerFailure.Of($"{image} could not be read from the engine", errors);
        }
    }

    public Task LoadAsync(string archive, CancellationToken cancellation) => OutputAsync(["load", "--quiet", "--input", archive], cancellation);

    public Task PullAsync(string reference, CancellationToken cancellation) => OutputAsync(["pull", "--quiet", reference], cancellation);

    /// <summary>The output of a docker command; its error lines become the details of the error.</summary>
    public async Task<string> OutputAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        List<string> errors = [];
        var exit = await Shell.StreamAsync(Docker(arguments), output, errors.Add, cancellation);
        return exit == 0 ? Encoding.UTF8.GetString(output.ToArray()) : throw DockerFailure.Of($"docker {arguments[0]} failed", errors);
    }

    /// <summary>The same, as bytes that go to a stream.</summary>
    public async Task StreamAsync(IReadOnlyList<string> arguments, Stream output, CancellationToken cancellation)
    {
        List<string> errors = [];
        if (await Shell.StreamAsync(Docker(arguments), output, errors.Add, cancellation) != 0)
        {
            throw DockerFailure.Of($"docker {arguments[0]} failed", errors);
        }
    }

    /// <summary>A docker command that may fail: how it ended and what it said.</summary>
    public Task<(int Exit, IReadOnlyList<string> Lines)> TryAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) => Shell.RunAsync(Docker(arguments), null, cancellation);

    /// <summary>The same, told line by line as it says it.</summary>
    public Task<(int Exit, IReadOnlyList<string> Lines)> FollowAsync(IReadOnlyList<string> arguments, Action<string> line, CancellationToken cancellation) =>
        Shell.RunAsync(Docker(arguments), line, cancellation);

    /// <summary>A docker command that is talked with line by line.</summary>
    public Conversation Converse(IReadOnlyList<string> arguments) => Conversation.Start(Docker(arguments));

    /// <summary>Runs a docker command and tells what it says as it says it.</summary>
    public static async Task RunAsync(Command command, string what, Action<string> line, CancellationToken cancellation)
    {
        var (exit, lines) = await Shell.RunAsync(command, line, cancellation);
        if (exit != 0)
        {
            throw DockerFailure.Of(what, lines);
        }
    }

    /// <summary>Refuses without Compose, and with one that is too old.</summary>
    public async Task RequireComposeAsync(CancellationToken cancellation)
    {
        await RequireAsync(cancellation);
        const string remedy = "install the Compose plugin of Docker: https://docs.docker.com/compose/install/linux/";
        var (exit, lines) = await Shell.RunAsync(Docker(["compose", "version", "--short"]), null, cancellation);
        if (exit != 0)
        {
            throw new OperationError(ErrorKind.Machine, "the docker command has no Compose", remedy, lines);
        }
        var text = lines.Count > 0 ? lines[0].Trim().TrimStart('v') : "";
        if (!Version.TryParse(text.Split('-', '+')[0], out var has) || has < Version.Parse(OldestCompose))
        {
            throw new OperationError(ErrorKind.Machine, $"Compose is too old: version {text}, {OldestCompose} is needed", remedy);
        }
    }

    private Command Docker(IReadOnlyList<string> arguments, string? directory = null) => new(program, arguments, directory, environment);
}

/// <summary>One docker build.</summary>
/// <param name="Network">The network of RUN steps; null is the engine's default.</param>
public sealed record BuildRequest(
    string Dockerfile, string Context, string Tag, IReadOnlyDictionary<string, string> Arguments, string? Network = null, bool NoCache = false);
