namespace Provost.Rendering.Compose;

/// <summary>What the files are for.</summary>
public enum ComposeFlavour
{
    /// <summary>Images by digest, limits, nothing but the public port reachable.</summary>
    Production,

    /// <summary>Services run from the sources and start anew when these change; ports for debuggers and clients.</summary>
    Development,
}

/// <summary>What a rendering takes beside the installation.</summary>
/// <param name="Release">Version and revision of the images: "1.2.3+abc123".</param>
/// <param name="Images">Image references by name: "backend", "frontend", "gateway", "agent", "stores", "backup", "redis", "clickhouse".</param>
/// <param name="Sources">The checkout, as seen from the rendered files; only development takes it.</param>
public sealed record ComposeRequest(string Release, ComposeFlavour Flavour, IReadOnlyDictionary<string, string> Images, string? Sources = null)
{
    /// <summary>Text of the provost.yaml that describes the installation: backups hold it, and are made as it says.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>Numbers of the copies by service, where they do not count from 1: a new release starts beside the old one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>>? Numbers { get; init; }
}
