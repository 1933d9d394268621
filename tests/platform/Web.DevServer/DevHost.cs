using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Provost.Contracts;

namespace Provost.Web.DevServer;

/// <summary>One running stand-in. Tests start one per class, on a free port.</summary>
internal sealed class DevHost : IAsyncDisposable
{
    /// <summary>What the gateway sends: no script but our own files, nothing from elsewhere.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private readonly WebApplication app;

    private DevHost(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    public DevState State => app.Services.GetRequiredService<DevState>();

    public DevLive Live => app.Services.GetRequiredService<DevLive>();

    public Task WaitAsync() => app.WaitForShutdownAsync();

    public static async Task<DevHost> StartAsync(string root, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSignalR();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DevState>();
        builder.Services.AddSingleton<DevLive>();
        var files = Files(builder, root);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        app.UseWebSockets();
        app.MapHub<DevHub>(LiveNames.Path);
        app.MapApi();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, ContentTypeProvider = ContentTypes() });
        app.MapFallback(context => ServeStartAsync(context, files));
        await app.StartAsync();
        return new DevHost(app);
    }

    /// <summary>Open live connections would be waited for: they get a second.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private static IFileProvider Files(WebApplicationBuilder builder, string root)
    {
        if (Directory.Exists(root)) return new PhysicalFileProvider(root);
        builder.Configuration[WebHostDefaults.StaticWebAssetsKey] = root;
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        return builder.Environment.WebRootFileProvider;
    }

    private static FileExtensionContentTypeProvider ContentTypes()
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".dat"] = "application/octet-stream";
        types.Mappings[".pdb"] = "application/octet-stream";
        return types;
    }

    private static async Task ServeStartAsync(HttpContext context, IFileProvider files)
    {
        if (context.Request.Path.StartsWithSegments("/api") || Path.HasExtension(context.Request.Path))
        {
            await Results.Problem(title: "Nothing is here", detail: "The address is not part of the Api.", statusCode: 404).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        await using var index = files.GetFileInfo("index.html").CreateReadStream();
        await index.CopyToAsync(context.Response.Body);
    }
}
