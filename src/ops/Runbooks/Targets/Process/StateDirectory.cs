using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Provost.Rendering.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Where a site on this machine keeps its data, secrets, logs, releases and sockets.</summary>
public sealed class StateDirectory
{
    // sun_path holds 108 bytes; the longest name below is "/gateway-8.handover".
    private const int LongestRunDirectory = 80;

    public StateDirectory(string root)
    {
        Root = Path.GetFullPath(root);
        Run = RunDirectory();
    }

    public string Root { get; }

    public string Run { get; }

    public string Secrets => Path.Combine(Root, "secrets");

    public string Data => Path.Combine(Root, "data");

    public string Logs => Path.Combine(Root, "logs");

    public string Releases => Path.Combine(Root, "releases");

    public string Tools => Path.Combine(Root, "tools");

    public string Certificates => Path.Combine(Root, "certificates");

    public string AgentSocket => Path.Combine(Run, "agent.sock");

    public string AgentLock => Path.Combine(Run, "agent.lock");

    public string AgentState => Path.Combine(Run, "agent.json");

    public string AgentLog => Path.Combine(Logs, "agent.log");

    public string SiteSpec => Path.Combine(Run, "site.json");

    public string Ports => Path.Combine(Root, "ports.json");

    public string Marker => Path.Combine(Root, "installation.json");

    /// <summary>There once everything was ready for the first time.</summary>
    public string Started => Path.Combine(Root, "started");

    public bool Exists => Directory.Exists(Root);

    public void Create()
    {
        foreach (var directory in new[] { Root, Run, Secrets, Data, Logs, Releases })
        {
            PrivateFiles.CreateDirectory(directory);
        }
    }

    public SiteSpec? ReadSiteSpec() => File.Exists(SiteSpec)
        ? JsonSerializer.Deserialize(File.ReadAllBytes(SiteSpec), SiteSpecJson.Default.SiteSpec)
        : null;

    public string LogFile(string replica) => Path.Combine(Logs, replica + ".log");

    public string? Secret(string service, string name)
    {
        var file = Path.Combine(Secrets, service, name);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    // A path too long for a socket gets its run directory where paths are short, named for the state directory.
    private string RunDirectory()
    {
        var beside = Path.Combine(Root, "run");
        if (Encoding.UTF8.GetByteCount(beside) <= LongestRunDirectory)
        {
            return beside;
        }
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..12];
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return string.IsNullOrEmpty(runtime) || !Directory.Exists(runtime) ? $"/tmp/provost-{Native.UserId()}-{name}" : Path.Combine(runtime, "provost-" + name);
    }
}
