using System.Globalization;
using System.Text;
using Provost.Topology.Model;
using Provost.Topology.Reading;

namespace Provost.Topology.Reference;

/// <summary>The reference of provost.yaml, written from the properties of the model.</summary>
public static class ReferencePage
{
    public static string Markdown()
    {
        var page = new StringBuilder("""
            # provost.yaml

            Every key of the file that describes an installation. No file at all means every default. This page is written from the
            source: `UPDATE_GOLDEN=1` with the tests of Topology writes it anew.


            """);
        Section(page, typeof(Installation), "");
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Section(StringBuilder page, Type type, string path)
    {
        var keys = Keys.Of(type);
        page.Append(CultureInfo.InvariantCulture, $"## {(path.Length == 0 ? "Top level" : $"`{path}`")}\n\n");
        page.Append("| key | value | default | meaning |\n|---|---|---|---|\n");
        foreach (var key in keys)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{key.Name}` | {Value(key)} | {Default(key)} | {key.Description}{Choices(key)} |\n");
        }
        page.Append('\n');
        foreach (var key in keys.Where(k => k.Kind != KeyKind.Scalar))
        {
            var below = path.Length == 0 ? key.Name : path + "." + key.Name;
            Section(page, key.Type, key.Kind == KeyKind.Map ? below + ".NAME" : below);
        }
    }

    private static string Value(Key key) => key.Kind switch
    {
        KeyKind.Record => "keys",
        KeyKind.Map => "named entries",
        _ when key.LimitWords is { } limit => $"{key.TypeWords}: {limit}",
        _ => key.TypeWords,
    };

    private static string Default(Key key) => key.Kind == KeyKind.Scalar ? $"`{key.DefaultText}`" : "";

    private static string Choices(Key key) => !key.Type.IsEnum ? "" : " " + string.Join("; ", Enum.GetNames(key.Type)
        .Select(name => $"`{Keys.CamelCase(name)}`: {Descriptions.Of(key.Type.GetField(name)!)}")) + ".";
}
