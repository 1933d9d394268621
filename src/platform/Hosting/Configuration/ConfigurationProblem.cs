namespace Provost.Hosting.Configuration;

/// <summary>One thing that is wrong with the settings.</summary>
/// <param name="Key">The setting below its section, e.g. <c>Endpoint</c>, or <c>Api__0</c> for an item of a list.</param>
/// <param name="What">What is wrong with it, e.g. <c>is missing</c>.</param>
/// <param name="Remedy">What to set instead.</param>
public sealed record ConfigurationProblem(string Key, string What, string Remedy);
