using System.Net;
using Provost.Hosting.Configuration;

namespace Provost.Stores.Redis;

/// <summary>Settings of the embedded Redis, section <c>Redis</c>.</summary>
internal sealed class RedisOptions : IServiceOptions
{
    /// <summary>Where the data are. Required.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>Where Redis clients connect.</summary>
    public int Port { get; set; } = 6379;

    /// <summary>The address to listen on; anything but loopback only inside a container's own network.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The password of every client, from the secret file Redis__Password. Required.</summary>
    public Secret Password { get; set; } = new("");

    /// <summary>How much of the data is held in memory; the rest is on the disk, and slower.</summary>
    public int MaxMemoryMegabytes { get; set; } = 128;

    /// <summary>How often a checkpoint is taken, after which the append-only file begins anew.</summary>
    public int CheckpointMinutes { get; set; } = 60;

    /// <summary>A checkpoint is taken earlier when the append-only file has grown to this.</summary>
    public int CheckpointMegabytes { get; set; } = 256;

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (DataDirectory.Length == 0)
        {
            yield return new(nameof(DataDirectory), "is missing", "name the directory that holds the data");
        }

        if (Password.IsEmpty)
        {
            yield return new(nameof(Password), "is missing", "write it into the file Redis__Password of Secrets__Directory");
        }

        if (Port is < 1 or > 65535)
        {
            yield return new(nameof(Port), $"is {Port}", "set a port from 1 to 65535");
        }

        if (!IPAddress.TryParse(Address, out _))
        {
            yield return new(nameof(Address), $"is \"{Address}\"", "set an IP address, e.g. 127.0.0.1");
        }

        if (MaxMemoryMegabytes < 64)
        {
            yield return new(nameof(MaxMemoryMegabytes), $"is {MaxMemoryMegabytes}", "set 64 or more");
        }

        if (CheckpointMinutes < 1 || CheckpointMegabytes < 16)
        {
            yield return new(nameof(CheckpointMinutes), $"is {CheckpointMinutes} with {CheckpointMegabytes} MB", "set at least 1 minute and 16 MB");
        }
    }
}
