namespace Provost.Hosting.Configuration;

/// <summary>Who this process is, and how long it takes to leave.</summary>
public sealed class ServiceOptions : IServiceOptions
{
    /// <summary>The installation's name.</summary>
    public string Installation { get; set; } = "provost";

    /// <summary>The service's name, e.g. <c>api</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The replica's name, e.g. <c>api-1</c>.</summary>
    public string Replica { get; set; } = "";

    /// <summary>The release, e.g. <c>0.1.0+abc123</c>.</summary>
    public string Release { get; set; } = "";

    /// <summary>How long new requests are still served after SIGTERM.</summary>
    public double DrainSeconds { get; set; } = 5;

    /// <summary>How long requests in flight may take after that.</summary>
    public double ShutdownSeconds { get; set; } = 20;

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (DrainSeconds is < 0 or > 3600)
        {
            yield return new(nameof(DrainSeconds), $"is {DrainSeconds}", "set seconds from 0 to 3600");
        }

        if (ShutdownSeconds is < 0 or > 3600)
        {
            yield return new(nameof(ShutdownSeconds), $"is {ShutdownSeconds}", "set seconds from 0 to 3600");
        }
    }

    internal void UseDefaults(string service)
    {
        Name = Name.Length > 0 ? Name : service;
        Replica = Replica.Length > 0 ? Replica : $"{Name}-1";
        Release = Release.Length > 0 ? Release : ReleaseOfThisBuild();
    }

    private static string ReleaseOfThisBuild() =>
        System.Reflection.Assembly.GetEntryAssembly()?.GetCustomAttributes(false)
            .OfType<System.Reflection.AssemblyInformationalVersionAttribute>().FirstOrDefault()?.InformationalVersion ?? "0.0.0";
}
