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

    /// <summary>Every variable of the file, in its order.</summary>
    public static IEnumerable<MachineVariable> VariablesOf(Site site)
    {
        var (address, port, key) = site.Domain is null ? (site.Http.Address, site.Http.Port, "http") : (site.Https.Address, site.Https.Port, "https");
        yield return new(Address, $"{key}.address", Meaning.Of<Http>(nameof(Http.Address)), address);
        yield return new(Port, $"{key}.port", Meaning.Of<Http>(nameof(Http.Port)), port.ToString(CultureInfo.InvariantCulture));
        yield return new("PROVOST_PUBLIC_URL", null, "The address that people type: sign-in links start with it.", site.PublicUrl().AbsoluteUri.TrimEnd('/'));
        yield return new("PROVOST_LOG_LEVEL", "logs.level", Meaning.Of<Logs>(nameof(Logs.Level)), site.Logs.Level.ToString());
        yield return new(
            "PROVOST_REQUESTS_PER_MINUTE", "services.gateway.requestsPerMinute", Meaning.Of<Gateway>(nameof(Gateway.RequestsPerMinute)),
            site.Services.Gateway.RequestsPerMinute.ToString(CultureInfo.InvariantCulture));
        yield return new(
            Cpus, "services.*.resources.cpus", "Processors that a container may use at most, where provost.yaml says nothing: no more than the machine has.",
            Container.Number(Container.DefaultCpus));
        yield return new(
            ComposeNames.VolumesVariable, null, "What the names of the volumes with data and secrets end with: written by provost restore --replace, and by nobody while containers are there.", "");
        if (site.Traces.Endpoint is { } endpoint)
        {
            yield return new("PROVOST_TRACES_ENDPOINT", "traces.endpoint", Meaning.Of<Traces>(nameof(Traces.Endpoint)), endpoint);
        }
    }

    public static string Render(ComposeContext context)
    {
        var page = new StringBuilder("""
            # Yours: docker compose reads it beside compose.yaml, and no rendering touches it. Secrets do not belong here: they are
            # made on the first start, into volumes that only the services which need them mount.
            # A line without # overrules what stands in provost.yaml.

            """);
        foreach (var variable in VariablesOf(context.Site))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n# {variable.Meaning}\n#{variable.Name}={variable.Value}\n");
        }
        return page.ToString();
    }
}

/// <summary>A variable by which one machine overrules provost.yaml.</summary>
/// <param name="Source">The key of provost.yaml that it overrules; null where several decide.</param>
/// <param name="Value">What holds while the machine says nothing.</param>
internal sealed record MachineVariable(string Name, string? Source, string Meaning, string Value);
