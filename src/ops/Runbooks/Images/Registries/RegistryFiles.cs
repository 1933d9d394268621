using Provost.Topology.Model;

namespace Provost.Runbooks.Images.Registries;

/// <summary>Where a registry finds what it reads, and what it listens on.</summary>
/// <param name="Configuration">Folder with config.yml, htpasswd, tls.crt, tls.key.</param>
/// <param name="Data">Folder of what was pushed.</param>
/// <param name="Health">Loopback address that answers /debug/health; null for none.</param>
public sealed record RegistryPlaces(string Configuration, string Data, string Address, string? Health)
{
    /// <summary>In the container.</summary>
    public static RegistryPlaces Container { get; } = new("/etc/docker/registry", "/var/lib/registry", ":5000", "127.0.0.1:5001");
}

/// <summary>The files of a private registry of one's own. Deletion is on, so that retention can work.</summary>
public static class RegistryFiles
{
    /// <summary>The registry that the Compose file runs; docker-registry of a distribution reads the same configuration.</summary>
    public const string Image = "docker.io/library/registry:2.8.3";

    private const int BcryptWork = 11;

    public static string Accounts(string user, string password) => $"{user}:{BCrypt.Net.BCrypt.HashPassword(password, BcryptWork)}\n";

    public static string Configuration(RegistryPlaces places) => $"""
        # Written by provost: TLS, accounts from htpasswd, deletion for provost images prune.
        version: 0.1
        log:
          level: info
        storage:
          filesystem:
            rootdirectory: {places.Data}
          delete:
            enabled: true
        health:
          storagedriver:
            enabled: true
        http:
          addr: "{places.Address}"
        {(places.Health is { } health ? $"  debug:\n    addr: \"{health}\"\n" : "")}  tls:
            certificate: {places.Configuration}/tls.crt
            key: {places.Configuration}/tls.key
            minimumtls: tls1.2
        auth:
          htpasswd:
            realm: provost
            path: {places.Configuration}/htpasswd

        """;

    public static bool HasAccount(string accounts, string user, string password) =>
        accounts.Trim().Split(':', 2) is [var name, var hash] && name == user && BCrypt.Net.BCrypt.Verify(password, hash);

    /// <summary>The image, by digest when one is recorded.</summary>
    public static string Pinned(ImageLock locked) => locked.Bases.TryGetValue(Image, out var digest) ? $"{Image}@{digest}" : Image;

    /// <param name="user">Owner of the mounted folders: nobody else may read the key, and the container is nobody else.</param>
    public static string Compose(RegistryRequest request, string user) => $$"""
        # Written by provost: docker compose up -d
        name: {{request.Project}}
        services:
          registry:
            image: {{request.Image}}
            user: "{{user}}"
            restart: unless-stopped
            read_only: true
            cap_drop: [ALL]
            security_opt: ["no-new-privileges:true"]
            tmpfs: ["/tmp:mode=1777,size=64m,noexec,nosuid,nodev"]
            deploy:
              resources:
                limits: { cpus: "2.0", memory: 512m, pids: 512 }
            healthcheck:
              test: [CMD, wget, -q, -O, /dev/null, "http://{{RegistryPlaces.Container.Health}}/debug/health"]
              interval: 5s
              timeout: 5s
              retries: 3
              start_period: 30s
            ports: ["{{(request.Host == OwnRegistry.ThisMachine ? "127.0.0.1:" : "")}}{{request.Port}}:5000"]
            volumes:
              - { type: bind, source: ./config, target: {{RegistryPlaces.Container.Configuration}}, read_only: true }
              - { type: bind, source: ./data, target: {{RegistryPlaces.Container.Data}} }
            logging:
              driver: json-file
              options: { max-size: 10m, max-file: "5" }

        """;
}
