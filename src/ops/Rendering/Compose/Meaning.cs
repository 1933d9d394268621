using System.ComponentModel;
using System.Reflection;

namespace Provost.Rendering.Compose;

/// <summary>What a key of provost.yaml means, as the model itself says: comments of rendered files cannot drift from the reference.</summary>
internal static class Meaning
{
    public static string Of<T>(string property) => typeof(T).GetProperty(property)?.GetCustomAttribute<DescriptionAttribute>()?.Description
        ?? throw new InvalidOperationException($"{typeof(T).Name}.{property} has no description");
}
