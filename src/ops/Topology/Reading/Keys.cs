using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Provost.Topology.Model;

namespace Provost.Topology.Reading;

internal enum KeyKind { Scalar, Record, Map }

/// <summary>One key of provost.yaml, as its C# property declares it.</summary>
/// <param name="Type">Type of the value; for a map, of one entry.</param>
internal sealed record Key(string Name, PropertyInfo Property, KeyKind Kind, Type Type, string Description, string DefaultText)
{
    public string TypeWords => Scalars.Words(Type);

    /// <summary>What a value must satisfy, in words; null when every value of the type will do.</summary>
    public string? LimitWords =>
        Property.GetCustomAttribute<RangeAttribute>() is { } range ? string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}")
        : Property.GetCustomAttribute<LimitAttribute>() is { } limit ? limit.Words
        : Property.GetCustomAttribute<RegularExpressionAttribute>()?.ErrorMessage;

    /// <summary>What to write instead, when the value breaks a limit of this key; null when it does not.</summary>
    public string? Broken(object value)
    {
        if (Property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
            var least = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
            var most = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
            return number >= least && number <= most ? null : $"use {LimitWords}; the default is {DefaultText}";
        }
        if (Property.GetCustomAttribute<LimitAttribute>() is { } limit && !limit.Allows(value))
        {
            return $"use {LimitWords}; the default is {DefaultText}";
        }
        var pattern = Property.GetCustomAttribute<RegularExpressionAttribute>();
        return pattern is null || Regex.IsMatch((string)value, pattern.Pattern, RegexOptions.None, TimeSpan.FromSeconds(1)) ? null : "use " + pattern.ErrorMessage;
    }
}

internal static partial class Keys
{
    private static readonly ConcurrentDictionary<Type, Key[]> Known = new();

    public static IReadOnlyList<Key> Of(Type type) => Known.GetOrAdd(type, Describe);

    public static Key? Find(Type type, string name) => Of(type).FirstOrDefault(k => k.Name == name);

    public static bool IsName(string text) => NamePattern().IsMatch(text);

    public static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static Key[] Describe(Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetCustomAttribute<DescriptionAttribute>() is not null)
            .Select(p => Describe(p, defaults))];
    }

    private static Key Describe(PropertyInfo property, object defaults)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var description = property.GetCustomAttribute<DescriptionAttribute>()!.Description;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return new Key(CamelCase(property.Name), property, KeyKind.Map, type.GetGenericArguments()[1], description, "");
        }
        var isRecord = type.IsClass && type.Namespace == typeof(Installation).Namespace;
        var text = isRecord ? "" : Scalars.Format(property.GetValue(defaults));
        return new Key(CamelCase(property.Name), property, isRecord ? KeyKind.Record : KeyKind.Scalar, type, description, text);
    }

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$")]
    private static partial Regex NamePattern();
}
