using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Registries;

/// <summary>
/// A configuration of the docker command that only one run sees, with the account of a registry: a password never is an
/// argument. Which engine is meant stays as the user has it.
/// </summary>
internal sealed class EngineAccount : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-docker-");

    private EngineAccount(string config, string contexts)
    {
        if (Directory.Exists(contexts))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "contexts"), contexts);
        }
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using var file = new StreamWriter(Path.Combine(folder.FullName, "config.json"), options);
        file.Write(config);
    }

    /// <param name="users">Folder of the user's own configuration of the docker command.</param>
    public static EngineAccount Of(RegistryAddress address, string users)
    {
        var config = new JsonObject { ["currentContext"] = Context(Path.Combine(users, "config.json")) };
        if (address.User is not null)
        {
            var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{address.User}:{address.Password()}"));
            config["auths"] = new JsonObject { [address.Host] = new JsonObject { ["auth"] = secret } };
        }
        return new EngineAccount(config.ToJsonString(), Path.Combine(users, "contexts"));
    }

    /// <summary>Where the docker command has the user's configuration.</summary>
    public static string Users => Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } set
        ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_CONFIG"] = folder.FullName };

    public void Dispose() => folder.Delete(recursive: true);

    private static string Context(string file)
    {
        try
        {
            return File.Exists(file) ? (string?)JsonNode.Parse(File.ReadAllText(file))?["currentContext"] ?? "" : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
