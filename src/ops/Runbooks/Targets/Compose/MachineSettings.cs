using System.Globalization;
using System.Text;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>What .env beside the rendered files overrules on one machine: address and port. As Compose does, the environment wins over the file.</summary>
internal static class MachineSettings
{
    public static Site Apply(Site site, string folder, Func<string, string?> environment)
    {
        var (address, port) = (Value("PROVOST_ADDRESS", folder, environment), int.TryParse(Value("PROVOST_PORT", folder, environment), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null);
        return site.Domain is null
            ? site with { Http = site.Http with { Address = address ?? site.Http.Address, Port = port ?? site.Http.Port } }
            : site with { Https = site.Https with { Address = address ?? site.Https.Address, Port = port ?? site.Https.Port } };
    }

    public static string? Value(string name, string folder, Func<string, string?> environment)
    {
        var file = Path.Combine(folder, ".env");
        var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        return environment(name) ?? lines.Where(line => line.StartsWith(name + "=", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..].Trim().Trim('"', '\'')).LastOrDefault();
    }

    /// <summary>Writes one line of .env, whole or not at all; the others stay.</summary>
    public static void Set(string name, string value, string folder)
    {
        var file = Path.Combine(folder, ".env");
        var lines = File.Exists(file) ? File.ReadAllLines(file).Where(line => !line.StartsWith(name + "=", StringComparison.Ordinal)) : [];
        var mode = File.Exists(file) ? File.GetUnixFileMode(file) : PrivateFiles.FileMode;
        PrivateFiles.Write(file, Encoding.UTF8.GetBytes(string.Concat(lines.Concat(value.Length > 0 ? [$"{name}={value}"] : []).Select(line => line + "\n"))));
        File.SetUnixFileMode(file, mode);
    }
}
