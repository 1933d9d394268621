namespace Provost.Hosting.Configuration;

/// <summary>Options of a service: bound from one section, validated before the service starts.</summary>
public interface IServiceOptions
{
    /// <summary>Everything that is wrong with the bound values; empty when nothing is.</summary>
    IEnumerable<ConfigurationProblem> Problems();
}
