using YamlDotNet.Serialization;

namespace Provost.Rendering.Trees;

/// <summary>A document as YAML: maps in the order in which they were filled, text quoted where YAML 1.1 or 1.2 would read something else.</summary>
public static class Yaml
{
    private static readonly ISerializer Serializer = new SerializerBuilder().WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).DisableAliases().WithIndentedSequences().Build();

    public static string Write(object document) => Serializer.Serialize(document).Replace("\r\n", "\n", StringComparison.Ordinal);
}

/// <summary>A map that keeps its order and leaves out what is null.</summary>
public sealed class Map : Dictionary<string, object>
{
    public new object? this[string key]
    {
        get => TryGetValue(key, out var value) ? value : null;
        set
        {
            if (value is not null)
            {
                base[key] = value;
            }
        }
    }
}
