using System.Globalization;
using Provost.Topology.Model;
using YamlDotNet.Core;

namespace Provost.Topology.Reading;

/// <summary>Text of a scalar to a value of the model and back, with the words for each type.</summary>
internal static class Scalars
{
    public static object? Parse(Type type, string text, ScalarStyle style)
    {
        if (type == typeof(string))
        {
            return text;
        }
        // A quoted number is text: "8080" in quotes is a mistake that would otherwise pass here and fail in another tool.
        if (style is not ScalarStyle.Plain && (type == typeof(int) || type == typeof(double) || type == typeof(bool)))
        {
            return null;
        }
        if (type == typeof(int))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        if (type == typeof(double))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
        }
        if (type == typeof(bool))
        {
            return text is "true" ? true : text is "false" ? false : null;
        }
        if (type == typeof(ByteSize))
        {
            return ByteSize.TryParse(text, out var size) ? size : null;
        }
        if (type == typeof(TimeSpan))
        {
            return Duration.TryParse(text, out var span) ? span : null;
        }
        return Choices(type).Contains(text) ? Enum.Parse(type, text, ignoreCase: true) : null;
    }

    public static string Format(object? value) => value switch
    {
        null => "none",
        TimeSpan span => Duration.Format(span),
        bool flag => flag ? "true" : "false",
        Enum choice => Keys.CamelCase(choice.ToString()),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    public static string Words(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(int) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(ByteSize) ? "a size like 512MiB or 4GiB"
        : type == typeof(TimeSpan) ? "a duration like 500ms, 20s or 5m"
        : "one of " + string.Join(", ", Choices(type));

    public static string Remedy(Key key, string text) =>
        key.Type.IsEnum ? Suggestion.For(text, Choices(key.Type))
        : key.LimitWords is { } limit ? $"write {key.TypeWords} without quotes, {limit}; the default is {key.DefaultText}"
        : $"write {key.TypeWords} without quotes; the default is {key.DefaultText}";

    public static string[] Choices(Type type) => [.. Enum.GetNames(type).Select(Keys.CamelCase)];
}
