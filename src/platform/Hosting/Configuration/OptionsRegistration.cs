using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Provost.Hosting.Configuration;

public static class OptionsRegistration
{
    /// <summary>
    /// Binds <typeparamref name="T"/> from a section, validates it before the service starts (all problems of all sections
    /// together), and offers it as <c>IOptions&lt;T&gt;</c> and as plain <c>T</c>.
    /// </summary>
    public static OptionsBuilder<T> AddServiceOptions<T>(this WebApplicationBuilder builder, string section)
        where T : class, IServiceOptions, new()
    {
        var bound = new BoundSection<T>(section, builder.Configuration);
        builder.Services.AddSingleton<IBoundSection>(bound);
        builder.Services.AddSingleton<IConfigureOptions<T>>(bound);
        builder.Services.AddSingleton<IValidateOptions<T>>(bound);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<T>>().Value);
        return builder.Services.AddOptions<T>().ValidateOnStart();
    }
}

/// <summary>What the check for unknown keys needs to know about a bound section.</summary>
internal interface IBoundSection
{
    string Section { get; }

    IEnumerable<string> Keys { get; }
}

/// <summary>Binds key by key, so that one value of the wrong type does not hide the next.</summary>
internal sealed class BoundSection<T>(string section, IConfiguration configuration)
    : IBoundSection, IConfigureOptions<T>, IValidateOptions<T>
    where T : class, IServiceOptions, new()
{
    private readonly List<ConfigurationProblem> conversions = [];

    public string Section => section;

    public IEnumerable<string> Keys => typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => property.Name);

    public void Configure(T options)
    {
        conversions.Clear();
        foreach (var child in configuration.GetSection(section).GetChildren())
        {
            try
            {
                Only(child).Bind(options);
            }
            catch (InvalidOperationException)
            {
                var type = typeof(T).GetProperties().FirstOrDefault(property =>
                    property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase))?.PropertyType;
                conversions.Add(new(child.Key, $"is \"{child.Value}\", which is not {Kind(type)}", $"set {Kind(type)}"));
            }
        }
    }

    public ValidateOptionsResult Validate(string? name, T options)
    {
        // What could not be read has kept its default: saying more about that value would only confuse.
        var unread = conversions.Select(problem => problem.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] problems = [.. conversions.Concat(options.Problems().Where(problem => !unread.Contains(problem.Key)))
            .Select(problem => $"{ConfigurationSources.EnvironmentKey(section, problem.Key)} {problem.What}: {problem.Remedy}")];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static string Kind(Type? type) => (Nullable.GetUnderlyingType(type ?? typeof(string)) ?? type) switch
    {
        { } number when number == typeof(int) || number == typeof(long) => "a whole number",
        { } number when number == typeof(double) => "a number",
        { } flag when flag == typeof(bool) => "true or false",
        { IsEnum: true } choice => $"one of {string.Join(", ", Enum.GetNames(choice))}",
        var other => $"a {other?.Name}",
    };

    private IConfigurationRoot Only(IConfigurationSection child) => new ConfigurationBuilder()
        .AddInMemoryCollection(child.AsEnumerable().Select(setting => KeyValuePair.Create(setting.Key[(section.Length + 1)..], setting.Value)))
        .Build();
}
