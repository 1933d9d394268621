using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

[Description("The services of the platform.")]
public sealed record Services
{
    [Description("Backend: courses, imports, insights, accounts, live updates.")]
    public Api Api { get; init; } = new();

    [Description("Frontend: serves the WebAssembly bundle.")]
    public Web Web { get; init; } = new();

    [Description("The edge: balances, limits, speaks TLS.")]
    public Gateway Gateway { get; init; } = new();
}

[Description("Backend: courses, imports, insights, accounts, live updates.")]
public sealed record Api
{
    [Description("Running copies. With two or more, the loss of one is not noticed.")]
    [Range(1, 32)]
    public int Replicas { get; init; } = 2;

    [Description("Resources of each replica.")]
    public Resources Resources { get; init; } = new();
}

[Description("Frontend: serves the WebAssembly bundle.")]
public sealed record Web
{
    [Description("Running copies.")]
    [Range(1, 32)]
    public int Replicas { get; init; } = 1;

    [Description("Resources of each replica.")]
    public Resources Resources { get; init; } = new();
}

[Description("The edge: balances, limits, speaks TLS.")]
public sealed record Gateway
{
    [Description("Running copies. They share one listening socket: with two or more, the loss of one is hardly noticed.")]
    [Range(1, 8)]
    public int Replicas { get; init; } = 2;

    [Description("Requests per minute that one client address may make before it is told to wait (429); 0 for no limit. This machine itself is not limited.")]
    [Range(0, 10_000_000)]
    public int RequestsPerMinute { get; init; } = 6_000;

    [Description("Largest request body: the largest gradebook that can be imported.")]
    [SizeRange("1MiB", "64GiB")]
    public ByteSize MaxRequest { get; init; } = ByteSize.Mebibytes(256);

    [Description("Resources of each replica.")]
    public Resources Resources { get; init; } = new();
}

[Description("What one replica may use.")]
public sealed record Resources
{
    [Description("Memory limit of the managed heap; none when left out.")]
    [SizeRange("64MiB", "1TiB")]
    public ByteSize? Memory { get; init; }

    [Description("CPUs that a replica may use in a container; 2 when left out.")]
    [Range(0.1, 1024.0)]
    public double? Cpus { get; init; }
}
