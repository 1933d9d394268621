using Provost.Rendering.Trees;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>A site as files of Docker Compose: `docker compose up -d` in their folder is all that it takes.</summary>
public static class ComposeRenderer
{
    private const string Header = """
        # Written by provost render compose: do not edit, the next rendering writes it anew.
        # What you want otherwise goes into provost.yaml, or into compose.override.yaml, which is yours.

        """;

    private const string Override = """
        # Yours: docker compose merges it over compose.yaml, and no rendering touches it.
        # For example:
        #
        # services:
        #   gateway:
        #     ports: !override
        #       - "127.0.0.1:9000:8080"
        services: {}

        """;

    public static RenderedTree Render(Installation installation, string siteName, ComposeRequest request)
    {
        var context = new ComposeContext(installation, siteName, request);
        List<RenderedFile> files =
        [
            new("compose.yaml", Header + Yaml.Write(Document(context))),
            new("compose.override.yaml", Override, IsYours: true),
            new(".env", EnvironmentFile.Render(context), IsYours: true),
            .. StoreFiles.Render(context),
            .. BackupService.Files(context),
        ];
        return new RenderedTree([.. files.OrderBy(f => f.Path, StringComparer.Ordinal)]);
    }

    private static Map Document(ComposeContext context)
    {
        var services = new Map { [ComposeNames.SecretsService] = AgentServices.Secrets(context) };
        if (context.HasEdge)
        {
            services[ComposeNames.EdgeService] = EdgeService.Render(context);
        }
        foreach (var replica in context.Replicas)
        {
            services[context.Service(replica)] = replica.Service switch
            {
                Replicas.Redis => StoreServices.Redis(context, replica),
                Replicas.ClickHouse => StoreServices.ClickHouse(context, replica),
                _ => PlatformServices.Render(context, replica),
            };
        }
        if (Certificates.AreIssued(context.Site))
        {
            services[ComposeNames.AgentService] = AgentServices.Agent(context);
        }
        if (BackupService.IsRun(context))
        {
            services[ComposeNames.BackupService] = BackupService.Render(context);
        }
        return new Map
        {
            ["name"] = context.Project,
            ["services"] = services,
            ["networks"] = Networks(context),
            ["volumes"] = Volumes(context),
        };
    }

    // Only the edge is reachable from outside, and only it may reach out; the stores are two networks away from it.
    private static Map Networks(ComposeContext context) => new()
    {
        ["edge"] = new Map { ["driver"] = "bridge" },
        ["app"] = new Map { ["driver"] = "bridge", ["internal"] = !context.IsDevelopment && context.Site.Traces.Endpoint is null },
        ["data"] = new Map { ["driver"] = "bridge", ["internal"] = !context.IsDevelopment },
    };

    private static Map Volumes(ComposeContext context)
    {
        var volumes = new Map();
        foreach (var volume in ComposeNames.StoredVolumes(context.Site))
        {
            volumes[volume] = context.IsDevelopment ? new Map()
                : new Map { ["name"] = ComposeNames.EngineVolume("${COMPOSE_PROJECT_NAME}", volume, $"${{{ComposeNames.VolumesVariable}:-}}") };
        }
        if (Certificates.AreIssued(context.Site))
        {
            volumes[ComposeNames.CertificatesVolume] = new Map();
            volumes[ComposeNames.AuthorityVolume] = new Map();
        }
        foreach (var volume in BackupService.Volumes(context))
        {
            volumes[volume] = new Map();
        }
        if (context.HasEdge)
        {
            volumes[ComposeNames.EdgeVolume] = new Map();
            volumes[ComposeNames.ReleasesVolume] = new Map();
        }
        foreach (var replica in context.DevelopmentReplicas)
        {
            volumes[Development.WorkVolume(context.Service(replica))] = new Map();
        }
        return volumes;
    }
}
