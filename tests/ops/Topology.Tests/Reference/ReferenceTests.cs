using Provost.Topology.Model;
using Provost.Topology.Reading;
using Provost.Topology.Reference;

namespace Provost.Topology.Tests.Reference;

public sealed class ReferenceTests
{
    [Fact]
    public void The_committed_reference_is_the_one_of_the_source() => Golden.Matches(ReferencePage.Markdown(), "docs/reference/topology.md");

    [Fact]
    public void The_committed_schema_is_the_one_of_the_source() => Golden.Matches(JsonSchema.Text(), "docs/reference/provost.schema.json");

    [Fact]
    public void Every_property_of_the_model_is_a_documented_key()
    {
        var undocumented = typeof(Installation).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(Installation).Namespace && t.IsClass && t.IsSealed && t.GetMethod("<Clone>$") is not null)
            .SelectMany(t => t.GetProperties().Where(p => p.CanWrite && Keys.Of(t).All(k => k.Property.Name != p.Name)).Select(p => $"{t.Name}.{p.Name}"));

        Assert.Empty(undocumented);
    }
}
