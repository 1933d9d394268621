using YamlDotNet.RepresentationModel;

namespace Provost.Topology.Reading;

/// <summary>
/// Reads a mapping into a record of the model. Keys, types, limits and defaults are those of the C# properties, so that a
/// property that is added is read, checked and documented at once. Problems are collected; nothing is thrown.
/// </summary>
internal sealed class RecordReader(string file)
{
    public Dictionary<string, Position> Positions { get; } = [];

    public List<TopologyProblem> Problems { get; } = [];

    public object? Read(Type type, YamlNode node, string path)
    {
        if (node is not YamlMappingNode mapping)
        {
            Refuse(node, path, $"must hold keys, not {Describe(node)}", $"write keys below it, indented: {string.Join(", ", Keys.Of(type).Select(k => k.Name))}");
            return null;
        }
        var record = Activator.CreateInstance(type)!;
        foreach (var (keyNode, valueNode) in mapping.Children)
        {
            if (KeyOf(keyNode, path) is not { } name)
            {
                continue;
            }
            var keyPath = Join(path, name);
            Positions[keyPath] = At(keyNode);
            if (Keys.Find(type, name) is { } key)
            {
                Set(record, key, valueNode, keyPath);
            }
            else
            {
                Refuse(keyNode, keyPath, "unknown key", Suggestion.For(name, [.. Keys.Of(type).Select(k => k.Name)]));
            }
        }
        return record;
    }

    private void Set(object record, Key key, YamlNode node, string path)
    {
        var before = Problems.Count;
        var value = key.Kind switch
        {
            // A key with nothing below it means the defaults, as an empty file does.
            KeyKind.Record => node is YamlScalarNode { Value: null or "" } ? Activator.CreateInstance(key.Type) : Read(key.Type, node, path),
            KeyKind.Map => ReadMap(key, node, path),
            _ => ReadScalar(key, node, path),
        };
        if (Problems.Count == before && value is not null)
        {
            key.Property.SetValue(record, value);
        }
    }

    private System.Collections.IDictionary? ReadMap(Key key, YamlNode node, string path)
    {
        if (node is not YamlMappingNode { Children.Count: > 0 } mapping)
        {
            Refuse(node, path, $"must hold named entries, not {Describe(node)}", $"write a name below it and the keys of that entry below the name; or leave {path} out for the default");
            return null;
        }
        var map = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), key.Type))!;
        foreach (var (nameNode, entry) in mapping.Children)
        {
            if (KeyOf(nameNode, path) is not { } name)
            {
                continue;
            }
            var entryPath = Join(path, name);
            Positions[entryPath] = At(nameNode);
            if (!Keys.IsName(name))
            {
                Refuse(nameNode, entryPath, $"\"{name}\" is not a name", "use 1 to 40 lower-case letters, digits and hyphens, starting with a letter");
            }
            else if (entry is YamlScalarNode { Value: null or "" })
            {
                map[name] = Activator.CreateInstance(key.Type);
            }
            else if (Read(key.Type, entry, entryPath) is { } value)
            {
                map[name] = value;
            }
        }
        return map;
    }

    private object? ReadScalar(Key key, YamlNode node, string path)
    {
        if (node is not YamlScalarNode scalar)
        {
            Refuse(node, path, $"must be {key.TypeWords}, not {Describe(node)}", $"write {path.Split('.')[^1]}: followed by {key.TypeWords}");
            return null;
        }
        var text = scalar.Value ?? "";
        if (text.Length == 0)
        {
            Refuse(node, path, "has no value", $"write {key.TypeWords} after the colon, or remove the key to get the default ({key.DefaultText})");
            return null;
        }
        if (Scalars.Parse(key.Type, text, scalar.Style) is not { } value)
        {
            Refuse(node, path, $"\"{Shorten(text)}\" is not {key.TypeWords}", Scalars.Remedy(key, text));
            return null;
        }
        if (key.Broken(value) is { } limit)
        {
            Refuse(node, path, $"\"{Shorten(text)}\" is not allowed", limit);
            return null;
        }
        return value;
    }

    private string? KeyOf(YamlNode node, string path)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } name })
        {
            return name;
        }
        Refuse(node, path, "a key that is not plain text", "write keys as plain words followed by a colon");
        return null;
    }

    private void Refuse(YamlNode node, string path, string problem, string remedy)
    {
        var at = At(node);
        Problems.Add(new TopologyProblem(file, at.Line, at.Column, path, problem, remedy));
    }

    private static Position At(YamlNode node) => new((int)node.Start.Line, (int)node.Start.Column);

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";

    private static string Describe(YamlNode node) => node switch
    {
        YamlSequenceNode => "a list",
        YamlMappingNode => "keys",
        YamlScalarNode { Value: null or "" } => "nothing",
        YamlScalarNode scalar => $"\"{Shorten(scalar.Value!)}\"",
        _ => "an alias",
    };
}
