using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Provost.Api.Accounts;
using Provost.Api.Administration;
using Provost.Api.Backtests;
using Provost.Api.Courses;
using Provost.Api.Demonstration;
using Provost.Api.Facts;
using Provost.Api.Fences;
using Provost.Api.Imports;
using Provost.Api.Insights;
using Provost.Api.Live;
using Provost.Api.Operators;
using Provost.Api.Privacy;
using Provost.Api.State;
using Provost.Api.Telemetry;
using Provost.Hosting;
using Provost.Hosting.Configuration;
using Provost.Hosting.Health;
using Provost.Hosting.Telemetry;

namespace Provost.Api;

/// <summary>Puts the service together: what it is made of, in which order a request passes, what it answers to.</summary>
internal static class ApiHost
{
    /// <param name="args">The command line.</param>
    /// <param name="settings">Settings on top of the environment: for tests.</param>
    public static WebApplication Build(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var builder = ServiceHost.CreateBuilder(args, "api", settings);
        builder.AddOptions();
        builder.AddWire();
        builder.AddStores();
        builder.AddAccounts();
        builder.AddFeatures();
        builder.AddLive();

        var app = builder.Build();
        app.MapServiceEndpoints();
        app.UsePipeline();
        app.MapApi();
        return app;
    }

    private static void AddOptions(this WebApplicationBuilder builder)
    {
        builder.AddServiceOptions<RedisOptions>("Redis");
        builder.AddServiceOptions<FactsOptions>("ClickHouse");
        builder.AddServiceOptions<PublicOptions>("Public");
        builder.AddServiceOptions<OperatorOptions>("Operator");
        builder.AddServiceOptions<PseudonymsOptions>("Pseudonyms");
        builder.AddServiceOptions<NamesOptions>("Names");
        builder.AddServiceOptions<DataProtectionKeyOptions>("DataProtection");
        builder.AddServiceOptions<CacheOptions>("Cache");
    }

    private static void AddWire(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddOpenApi();
        builder.Services.AddExceptionHandler<Problems>();
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.ForwardLimit = 2;
            // The edge is on this machine or in a private network: loopback, RFC 1918 and RFC 4193.
            foreach (var network in (string[])["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "127.0.0.0/8"])
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        });
    }

    private static void AddStores(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ApiMeters>().AddSingleton<WriteFence>().AddSingleton<RedisStore>();
        builder.Services.AddSingleton<CourseState>().AddSingleton<AccountState>().AddSingleton<NameState>().AddSingleton<Throttle>();
        builder.Services.AddSingleton<ErasureLedger>().AddSingleton<CachedInsights>().AddSingleton<CalibrationState>().AddSingleton<KeyRing>();
        builder.AddServiceMeter("System.Net.Http"); // http.client.request.duration of ClickHouse
        builder.Services.AddHttpClient(FactsStore.HttpClientName).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(FactsStore.CreateHandler);
        builder.Services.AddSingleton<FactsStore>().AddSingleton<Schema>().AddSingleton<FactsReadiness>().AddSingleton<SnapshotFacts>();
        builder.Services.AddHostedService<FactsUpkeep>();
        builder.Services.AddSingleton<FenceState>().AddSingleton<FenceRaising>().AddHostedService<FenceListener>();
        builder.AddReadinessCheck("redis", (services, cancellation) => services.GetRequiredService<RedisStore>().PingAsync(cancellation));
        builder.AddReadinessCheck("clickhouse", (services, cancellation) => services.GetRequiredService<FactsReadiness>().CheckAsync(cancellation));
    }

    private static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<Passwords>().AddSingleton<SignIn>().AddSingleton<SessionCookie>().AddSingleton<SessionViews>();
        services.AddSingleton<PasswordChanges>().AddSingleton<AccountAudit>().AddSingleton<SignInLinks>().AddSingleton<AccountDirectory>().AddSingleton<StudentLookup>();
        services.AddDataProtection().SetApplicationName("provost");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = provider.GetRequiredService<KeyRing>();
            keys.XmlEncryptor = new KeyRingEncryptor(provider.GetRequiredService<DataProtectionKeyOptions>());
        }));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.HeaderName = AntiforgeryGate.Header;
            antiforgery.Cookie.Name = "provost-antiforgery";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicy([new Undeclared()], []));
        services.AddSingleton<IAuthorizationHandler, AccessHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusal>();
    }

    private static void AddFeatures(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<Pseudonyms>().AddSingleton<NameCipher>().AddSingleton<Erasure>();
        services.AddSingleton<InsightCache>().AddSingleton<Snapshots>().AddSingleton<InsightQueries>().AddSingleton<Answers>();
        services.AddHostedService<Warmup>();
        services.AddSingleton<FinishedCourses>().AddSingleton<Calibrations>().AddSingleton<BacktestCards>().AddSingleton<GradebookExport>();
        services.AddSingleton<ImportPlanner>().AddSingleton<ImportStores>().AddSingleton<Importer>().AddSingleton<Uploads>();
        services.AddSingleton<CourseChanges>().AddSingleton<ErasureStores>().AddSingleton<DemonstrationCourse>().AddSingleton<OperatorImports>();
    }

    private static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LiveWatches>().AddSingleton<LiveStores>().AddSingleton<LeavingNotice>().AddHostedService<LiveFeed>();
        builder.Services.AddSingleton<IUserIdProvider, LiveUsers>();
        builder.Services.AddSignalR(hub =>
        {
            hub.MaximumReceiveMessageSize = 4 * 1024;
            hub.EnableDetailedErrors = false;
            hub.KeepAliveInterval = TimeSpan.FromSeconds(10);
            hub.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
        })
            .AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default))
            .AddRedisBackplane();
    }

    private static void UsePipeline(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<AntiforgeryGate>();
    }

    private static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api");
        app.MapOpenApi("/api/openapi.json").ForAnyone();
        api.MapSession();
        api.MapCourses();
        api.MapInsights();
        api.MapStanding();
        api.MapImports();
        api.MapAdministration();
        api.MapErasures();
        api.MapOperators();
        api.MapFences();
        app.MapLive();
    }
}
