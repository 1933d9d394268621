using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Provost.Web.Charts;

/// <summary>SVG's text element: Razor keeps that tag's name for itself.</summary>
public sealed class SvgText : ComponentBase
{
    [Parameter] public double X { get; set; }
    [Parameter] public double Y { get; set; }
    [Parameter] public string Anchor { get; set; } = "middle";
    [Parameter] public string Class { get; set; } = "chart-label";
    [Parameter, EditorRequired] public string Text { get; set; } = "";
    [Parameter] public string? Transform { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", ChartScale.Coordinate(X));
        builder.AddAttribute(2, "y", ChartScale.Coordinate(Y));
        builder.AddAttribute(3, "text-anchor", Anchor);
        builder.AddAttribute(4, "class", Class);
        builder.AddAttribute(5, "transform", Transform);
        builder.AddContent(6, Text);
        builder.CloseElement();
    }
}
