namespace Provost.Topology.Environments;

/// <summary>What a secret is made of.</summary>
public enum SecretKind
{
    /// <summary>43 letters, digits, hyphens and underscores: 256 random bits.</summary>
    Password,

    /// <summary>32 random bytes in base64.</summary>
    Key,
}

/// <param name="Name">File name, which is also the configuration key: "Redis__Password".</param>
/// <param name="Services">Services that get it, each in its own directory.</param>
public sealed record SecretSpec(string Name, SecretKind Kind, IReadOnlyList<string> Services);

/// <summary>Every secret of an installation, and who gets it. Nobody else may read it.</summary>
public static class Secrets
{
    /// <summary>Directory of secrets that the operator's own tools use.</summary>
    public const string Operator = "operator";

    public const string OperatorToken = "Operator__Token";
    public const string AdminToken = "Listen__AdminToken";
    public const string RedisPassword = "Redis__Password";
    public const string RedisOperatorPassword = "Redis__OperatorPassword";

    public static IReadOnlyList<SecretSpec> All { get; } =
    [
        new(RedisPassword, SecretKind.Password, [Replicas.Redis, Replicas.Api, Operator]),
        new(RedisOperatorPassword, SecretKind.Password, [Operator]),
        new("ClickHouse__Password", SecretKind.Password, [Replicas.ClickHouse, Replicas.Api, Operator]),
        new(OperatorToken, SecretKind.Password, [Replicas.Api, Operator]),
        new("Pseudonyms__Key", SecretKind.Key, [Replicas.Api]),
        new("Names__Key", SecretKind.Key, [Replicas.Api]),
        new("DataProtection__Key", SecretKind.Key, [Replicas.Api]),
    ];

    /// <summary>Only on sites of plain processes: there every user of the machine reaches the gateways' admin listeners, in a container nobody else does.</summary>
    public static IReadOnlyList<SecretSpec> OnProcesses { get; } = [new(AdminToken, SecretKind.Password, [Replicas.Gateway, Operator])];

    /// <summary>Services with a directory of secrets, which may be empty.</summary>
    public static IReadOnlyList<string> Directories { get; } = [.. Replicas.Services, Operator];

    public static IEnumerable<string> Of(string service) => All.Where(s => s.Services.Contains(service)).Select(s => s.Name);
}
