using Microsoft.Extensions.Options;

namespace Provost.Hosting.Configuration;

internal static class OptionsExtensions
{
    /// <summary>The value, or the defaults while it is wrong: for what is needed to report just that.</summary>
    public static T ValueOrDefaults<T>(this IOptions<T> options)
        where T : class, IServiceOptions, new()
    {
        try
        {
            return options.Value;
        }
        catch (OptionsValidationException)
        {
            var defaults = new T();
            (defaults as ServiceOptions)?.UseDefaults("unconfigured");
            return defaults;
        }
    }
}
