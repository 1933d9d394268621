using System.ComponentModel;
using System.Globalization;

namespace Provost.Hosting.Configuration;

/// <summary>A value that prints as dots; only <see cref="Reveal"/> gives it away.</summary>
[TypeConverter(typeof(SecretConverter))]
public sealed class Secret
{
    private readonly string value;

    public Secret(string value) => this.value = value;

    public bool IsEmpty => value.Length == 0;

    public string Reveal() => value;

    public override string ToString() => "••••••";
}

internal sealed class SecretConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        new Secret((string)value);
}
