using System.Globalization;
using System.Net.Sockets;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Doctor;

/// <param name="Checkout">Set when something is to be built.</param>
public sealed record MachineRequest(Installation Installation, Site Site, StateDirectory State, Checkout? Checkout);

/// <summary>One thing that was looked at.</summary>
/// <param name="Remedy">Null when it is well.</param>
public sealed record Finding(string Check, bool Ok, string What, string? Remedy);

/// <summary>Whether this machine can run the installation.</summary>
public static class Machine
{
    private const long NeededMegabytes = 2048;
    private const long NeededMemoryMegabytes = 1500;

    /// <summary>Refuses with every finding at once.</summary>
    public static void Require(MachineRequest request)
    {
        var missing = Examine(request, isRunning: false).Where(f => !f.Ok).ToList();
        if (missing.Count > 0)
        {
            throw new OperationError(
                ErrorKind.Machine, missing.Count == 1 ? missing[0].What : $"{missing.Count} things are in the way on this machine",
                missing.Count == 1 ? missing[0].Remedy! : "correct them, then try again", missing.Count == 1 ? [] : [.. missing.Select(f => $"{f.What}. {f.Remedy}.")]);
        }
    }

    public static IEnumerable<Finding> Examine(MachineRequest request, bool isRunning)
    {
        if (request.Checkout is { } checkout)
        {
            yield return Program("dotnet", "the .NET 10 SDK", "install it from https://dot.net");
            yield return Program("npm", "Node.js with npm", "install Node.js 20 or newer");
            yield return Writable(checkout.Root);
        }
        yield return Writable(Path.GetDirectoryName(request.State.Root)!);
        yield return Disk(request.State.Root);
        yield return Memory();
        if (!isRunning)
        {
            yield return PublicPort(request.Site);
        }
        yield return Library();
    }

    private static Finding Program(string name, string what, string remedy) => Shell.Find(name) is { } path
        ? new Finding(name, true, path, null)
        : new Finding(name, false, $"{what} is not on the PATH", remedy);

    private static Finding Writable(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }
        var probe = Path.Combine(existing, $".provost-write-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new Finding("write", true, existing, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding("write", false, $"{existing} cannot be written: {e.Message}", "give this user the right to write there, or set sites.NAME.state to another directory");
        }
    }

    private static Finding Disk(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }
        var free = new DriveInfo(existing).AvailableFreeSpace >> 20;
        return free >= NeededMegabytes
            ? new Finding("disk", true, string.Create(CultureInfo.InvariantCulture, $"{free} MiB free"), null)
            : new Finding("disk", false, $"only {free} MiB are free where {folder} lies", $"free at least {NeededMegabytes} MiB, or set sites.NAME.state to another disk");
    }

    private static Finding Memory()
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        return total >= NeededMemoryMegabytes
            ? new Finding("memory", true, string.Create(CultureInfo.InvariantCulture, $"{total} MiB"), null)
            : new Finding("memory", false, $"this machine has {total} MiB of memory", $"give it at least {NeededMemoryMegabytes} MiB");
    }

    /// <summary>Refuses when the public port is taken.</summary>
    public static void RequirePort(Site site)
    {
        if (PublicPort(site) is { Ok: false } taken)
        {
            throw new OperationError(ErrorKind.Machine, taken.What, taken.Remedy!);
        }
    }

    internal static Finding PublicPort(Site site)
    {
        var (address, port, key) = site.Domain is null ? (site.Http.Address, site.Http.Port, "http") : (site.Https.Address, site.Https.Port, "https");
        return Ports.Probe(address, port) switch
        {
            null => new Finding("port", true, $"{address}:{port} is free", null),
            SocketError.AddressAlreadyInUse => new Finding(
                "port", false, $"port {port} of {address} is taken by another program", $"find it with: ss -ltnp 'sport = :{port}'; stop it, or set {key}.port in provost.yaml"),
            SocketError.AccessDenied => new Finding(
                "port", false, $"port {port} may not be opened by this user", $"set {key}.port from 1024, or allow it: sysctl net.ipv4.ip_unprivileged_port_start={port}"),
            var other => new Finding("port", false, $"{address}:{port} cannot be listened on ({other})", $"set {key}.address to an address of this machine"),
        };
    }

    private static Finding Library() => OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64
        ? new Finding("platform", true, "Linux x64", null)
        : new Finding("platform", false, "the embedded ClickHouse runs on Linux x64 only", "use a Linux x64 machine for the process target");
}
