namespace Provost.Topology.Model;

/// <summary>What a value of a key must satisfy beyond its type. The words become the remedy, the reference and the schema.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class LimitAttribute : Attribute
{
    public abstract bool Allows(object value);

    public abstract string Words { get; }
}

public sealed class SizeRangeAttribute(string least, string most) : LimitAttribute
{
    public string Least => least;

    public string Most => most;

    public override string Words => $"{least} to {most}";

    public override bool Allows(object value) => value is ByteSize size && size >= Parse(least) && size <= Parse(most);

    private static ByteSize Parse(string text) => ByteSize.TryParse(text, out var size) ? size : throw new ArgumentException(text);
}

public sealed class DurationRangeAttribute(string least, string most) : LimitAttribute
{
    public string Least => least;

    public string Most => most;

    public override string Words => $"{least} to {most}";

    public override bool Allows(object value) => value is TimeSpan span && span >= Parse(least) && span <= Parse(most);

    private static TimeSpan Parse(string text) => Duration.TryParse(text, out var span) ? span : throw new ArgumentException(text);
}

public sealed class IpAddressAttribute : LimitAttribute
{
    public override string Words => "an IP address, like 127.0.0.1 or 0.0.0.0";

    public override bool Allows(object value) =>
        value is string text && !text.StartsWith('[') && Uri.CheckHostName(text) is UriHostNameType.IPv4 or UriHostNameType.IPv6;
}

public sealed class HttpUrlAttribute : LimitAttribute
{
    public override string Words => "a URL that starts with http:// or https://";

    public override bool Allows(object value) => value is string text
        && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0;
}
