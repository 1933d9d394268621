using Microsoft.Extensions.Configuration;

namespace Provost.Hosting.Configuration;

/// <summary>The only places settings come from: the environment (PROVOST_) and one file per secret.</summary>
internal sealed class ConfigurationSources
{
    public const string Prefix = "PROVOST_";

    private const int ShortestSecretWorthHiding = 6;

    private ConfigurationSources(string? secretsDirectory, string? problem, IReadOnlyList<string> secretValues)
    {
        SecretsDirectory = secretsDirectory;
        Problem = problem;
        SecretValues = secretValues;
    }

    public string? SecretsDirectory { get; }

    /// <summary>Why the secrets directory could not be read.</summary>
    public string? Problem { get; }

    /// <summary>What must never be seen in a log line.</summary>
    public IReadOnlyList<string> SecretValues { get; }

    public static ConfigurationSources Add(ConfigurationManager configuration, IEnumerable<KeyValuePair<string, string?>>? settings)
    {
        configuration.AddEnvironmentVariables(Prefix);
        configuration.AddInMemoryCollection(settings ?? []);
        if (configuration["Secrets:Directory"] is not { Length: > 0 } directory)
        {
            return new ConfigurationSources(null, null, []);
        }

        try
        {
            var secrets = new ConfigurationBuilder().AddKeyPerFile(Path.GetFullPath(directory), optional: false).Build();
            configuration.AddConfiguration(secrets);
            string[] values = [.. secrets.AsEnumerable().Select(setting => setting.Value)
                .OfType<string>().Where(value => value.Length >= ShortestSecretWorthHiding)];
            return new ConfigurationSources(directory, null, values);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new ConfigurationSources(directory, error.Message, []);
        }
    }

    public static string EnvironmentKey(string section, string key) => $"{Prefix}{section.Replace(":", "__", StringComparison.Ordinal)}__{key}";
}
