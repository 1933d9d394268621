using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Provost.Hosting.Configuration;

namespace Provost.Hosting.Logging;

internal static class LoggingRegistration
{
    public static void AddServiceLogging(this WebApplicationBuilder builder)
    {
        builder.AddServiceOptions<LoggingOptions>("Logs");
        builder.Services.AddSingleton<Startup>();
        builder.Services.AddSingleton<ILoggerProvider, JsonLoggerProvider>();
        builder.Services.AddHostedService<LogReopening>();
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.None);
        builder.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>, LogFilter>();
    }
}

/// <summary>The framework speaks from Warning on; the service from the level that was set.</summary>
internal sealed class LogFilter(IOptions<LoggingOptions> options) : IConfigureOptions<LoggerFilterOptions>
{
    public void Configure(LoggerFilterOptions filter)
    {
        var level = options.ValueOrDefaults().Level;
        filter.MinLevel = level;
        // Below Warning the framework writes whole addresses, with the tokens in them.
        var framework = level < LogLevel.Warning ? LogLevel.Warning : level;
        foreach (var category in new[] { "Microsoft", "System", "Yarp" })
        {
            filter.Rules.Add(new LoggerFilterRule(null, category, framework, null));
        }

        // Each probe that fails, every second, with its whole stack; what a probe changed is said by another category.
        filter.Rules.Add(new LoggerFilterRule(null, "Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error, null));
    }
}
