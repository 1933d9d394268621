namespace Provost.Runbooks.Images.Registries;

/// <summary>
/// The files of a private registry of one's own: its configuration, its accounts (bcrypt), and a Compose file. Certificate
/// and key are mounted; deletion is on, so that retention can work.
/// </summary>
public static class RegistryFiles
{
    /// <summary>The registry that the Compose file runs; docker-registry of a distribution reads the same configuration.</summary>
    public const string Image = "docker.io/library/registry:2.8.3";

    private const int BcryptWork = 11;

    public static IReadOnlyDictionary<string, string> Render(string user, string password, string folder = "/etc/docker/registry", string data = "/var/lib/registry", string address = ":5000") =>
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["config.yml"] = $"""
                # A private registry: TLS, accounts from htpasswd, deletion for `provost images prune`.
                version: 0.1
                log:
                  level: info
                storage:
                  filesystem:
                    rootdirectory: {data}
                  delete:
                    enabled: true
                http:
                  addr: "{address}"
                  tls:
                    certificate: {folder}/tls.crt
                    key: {folder}/tls.key
                    minimumtls: tls1.2
                auth:
                  htpasswd:
                    realm: provost
                    path: {folder}/htpasswd

                """,
            ["htpasswd"] = $"{user}:{BCrypt.Net.BCrypt.HashPassword(password, BcryptWork)}\n",
            ["compose.yaml"] = $"""
                # docker compose up -d, with tls.crt and tls.key (of your internal authority) beside this file.
                name: provost-registry
                services:
                  registry:
                    image: {Image}
                    restart: unless-stopped
                    user: "1654:1654"
                    read_only: true
                    cap_drop: [ALL]
                    security_opt: ["no-new-privileges:true"]
                    ports: ["5000:5000"]
                    volumes:
                      - ./config.yml:/etc/docker/registry/config.yml:ro
                      - ./htpasswd:/etc/docker/registry/htpasswd:ro
                      - ./tls.crt:/etc/docker/registry/tls.crt:ro
                      - ./tls.key:/etc/docker/registry/tls.key:ro
                      - registry:/var/lib/registry
                    logging:
                      driver: local
                      options: {"{"} max-size: 10m, max-file: "5" {"}"}
                volumes:
                  registry:

                """,
        };
}
