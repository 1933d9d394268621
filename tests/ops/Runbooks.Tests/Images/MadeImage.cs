using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Tests.Images;

/// <summary>Builds images in memory for tests: layers of a few files on the disk.</summary>
internal sealed class MadeImage : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-test-image-");
    private readonly List<string> layers = [];

    public JsonObject Config { get; } = (JsonObject)JsonNode.Parse("""
        {"architecture":"amd64","os":"linux","created":"2026-01-02T03:04:05Z","container":"abc","docker_version":"20.10",
         "config":{"User":"1654:1654","Env":["PATH=/usr/bin"],"Hostname":"h","Image":"sha256:xyz","ExposedPorts":{"8080/tcp":{}},
                   "Healthcheck":{"Test":["CMD","/app/Provost.Api","healthcheck"]},
                   "Labels":{"org.opencontainers.image.title":"t","org.opencontainers.image.version":"1.2.3","org.opencontainers.image.revision":"abc",
                             "org.opencontainers.image.source":"https://git.example/provost","org.opencontainers.image.base.name":"mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled@sha256:0000000000000000000000000000000000000000000000000000000000000000"}}}
        """)!;

    public string Folder => folder.FullName;

    public MadeImage Layer(params TarEntry[] entries) => LayerAt(new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero), entries);

    public MadeImage LayerAt(DateTimeOffset time, params TarEntry[] entries)
    {
        var path = Path.Combine(folder.FullName, $"made-{layers.Count}.tar");
        using (var writer = new TarWriter(File.Create(path)))
        {
            foreach (var entry in entries)
            {
                entry.ModificationTime = time;
                writer.WriteEntry(entry);
            }
        }
        layers.Add(path);
        return this;
    }

    public SavedImage Saved()
    {
        Config["rootfs"] = new JsonObject
        {
            ["type"] = "layers",
            ["diff_ids"] = new JsonArray([.. layers.Select(path => (JsonNode)OciLayout.Digest(File.ReadAllBytes(path)))]),
        };
        return new(Encoding.UTF8.GetBytes(Config.ToJsonString()), [.. layers]);
    }

    public Task<ImageContents> ContentsAsync(Action<ImageFile, ReadOnlyMemory<byte>>? inspect = null) =>
        ImageContents.ReadAsync(Saved(), _ => true, inspect ?? ((_, _) => { }), TestContext.Current.CancellationToken);

    public static TarEntry File_(string path, string content, int mode = 0x1A4) => new PaxTarEntry(TarEntryType.RegularFile, path)
    {
        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
        Mode = (UnixFileMode)mode,
    };

    public static TarEntry Directory_(string path, int mode = 0x1ED) => new PaxTarEntry(TarEntryType.Directory, path) { Mode = (UnixFileMode)mode };

    public static TarEntry Link(string path, string to) => new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = to };

    public void Dispose() => folder.Delete(recursive: true);
}
