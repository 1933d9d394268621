using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>.env: what may be set on the machine itself, without rendering anew. Never a secret.</summary>
internal static class EnvironmentFile
{
    private const string Address = "PROVOST_ADDRESS";
    private const string Port = "PROVOST_PORT";

    /// <summary>An engine refuses a limit beyond what its machine has.</summary>
    public const string Cpus = "PROVOST_CPUS";

    // Settings of services that the machine may overrule, and by what name.
    private static readonly FrozenDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["PROVOST_Public__Url"] = "PROVOST_PUBLIC_URL",
        ["PROVOST_Logs__Level"] = "PROVOST_LOG_LEVEL",
        ["PROVOST_Traces__Endpoint"] = "PROVOST_TRACES_ENDPOINT",
        ["PROVOST_Gateway__RequestsPerMinute"] = "PROVOST_REQUESTS_PER_MINUTE",
    }.ToFrozenDictionary();

    public static string? Variable(string key) => Variables.GetValueOrDefault(key);

    public static string Render(ComposeContext context)
    {
        var site = context.Site;
        var (address, port) = site.Domain is null ? (site.Http.Address, site.Http.Port) : (site.Https.Address, site.Https.Port);
        var page = new StringBuilder("""
            # Yours: docker compose reads it beside compose.yaml, and no rendering touches it. Secrets do not belong here: they are
            # made on the first start, into volumes that only the services which need them mount.
            # A line without # overrules what stands in provost.yaml.

            """);
        void Add(string meaning, string name, string value) =>
            page.Append(CultureInfo.InvariantCulture, $"\n# {meaning}\n#{name}={value}\n");

        Add(Meaning.Of<Http>(nameof(Http.Address)), Address, address);
        Add(Meaning.Of<Http>(nameof(Http.Port)), Port, port.ToString(CultureInfo.InvariantCulture));
        Add("The address that people type: sign-in links start with it.", "PROVOST_PUBLIC_URL", site.PublicUrl().AbsoluteUri.TrimEnd('/'));
        Add(Meaning.Of<Logs>(nameof(Logs.Level)), "PROVOST_LOG_LEVEL", site.Logs.Level.ToString());
        Add(Meaning.Of<Gateway>(nameof(Gateway.RequestsPerMinute)), "PROVOST_REQUESTS_PER_MINUTE", site.Services.Gateway.RequestsPerMinute.ToString(CultureInfo.InvariantCulture));
        Add("Processors that a container may use at most, where provost.yaml says nothing: no more than the machine has.", Cpus, Container.Number(Container.DefaultCpus));
        if (site.Traces.Endpoint is { } endpoint)
        {
            Add(Meaning.Of<Traces>(nameof(Traces.Endpoint)), "PROVOST_TRACES_ENDPOINT", endpoint);
        }
        return page.ToString();
    }
}
