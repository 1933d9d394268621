using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Provost.Hosting.Configuration;

namespace Provost.Hosting.Logging;

internal sealed class JsonLoggerProvider(IOptions<ServiceOptions> service, ConfigurationSources sources, TimeProvider time) : ILoggerProvider
{
    private readonly JsonLogWriter writer = new(service.ValueOrDefaults(), sources, time);

    public ILogger CreateLogger(string categoryName) => new JsonLogger(categoryName, writer);

    public void Dispose()
    {
    }
}
