using Provost.Hosting.Configuration;

namespace Provost.Api.Insights;

/// <summary>Memory for computed insights and answers.</summary>
internal sealed class CacheOptions : IServiceOptions
{
    /// <summary>Upper limit in this process; 0 computes everything anew.</summary>
    public int Megabytes { get; set; } = 96;

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (Megabytes is < 0 or > 65536)
            yield return new(nameof(Megabytes), $"is {Megabytes}", "set 0 to 65536");
    }
}
