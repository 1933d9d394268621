using System.Reflection;
using Provost.Contracts;

namespace Provost.Contract.Tests.Wire;

/// <summary>What is on the wire between a page and the api, as lines of text: "CourseSummary.Id String".</summary>
internal static class WireShape
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(CourseSummary).Assembly.GetExportedTypes().Where(type => !(type.IsAbstract && type.IsSealed)).OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<string> Lines { get; } =
    [
        .. Types.SelectMany(type => type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{type.Name}.{name} ={Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}")
            : type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => $"{type.Name}.{property.Name} {Name(property.PropertyType)}")),
        .. typeof(LiveNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"LiveNames.{field.Name} ={field.GetRawConstantValue()}"),
    ];

    /// <summary>Whether a reader does without it: it may be null, or its constructor has a default for it.</summary>
    public static bool IsOptional(string member)
    {
        var (type, name) = (Types.Single(t => t.Name == member.Split('.')[0]), member.Split('.', ' ')[1]);
        var property = type.GetProperty(name);
        return property is null || Nullability.Create(property).ReadState == NullabilityState.Nullable || Nullable.GetUnderlyingType(property.PropertyType) is not null
            || type.GetConstructors().SelectMany(c => c.GetParameters()).Any(p => p.Name == name && p.HasDefaultValue);
    }

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(",", type.GetGenericArguments().Select(Name))}>"
        : type.IsArray ? $"{Name(type.GetElementType()!)}[]" : type.Name;
}
