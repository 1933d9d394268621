using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Provost.Web.Imports;

namespace Provost.Web.Tests.Imports;

public sealed class DropZoneTests
{
    [Fact]
    public void The_file_dialog_offers_what_can_be_read_and_workbooks_whose_refusal_says_what_to_do()
    {
        using var page = Rendering.NewPage();

        var zone = page.Render<DropZone>();

        var offered = zone.Find("input[type=file]").GetAttribute("accept")!.Split(',');
        Assert.Equal([".csv", ".tsv", ".txt", ".xls", ".xlsx", ".zip"], offered.Order(StringComparer.Ordinal));
        Assert.NotNull(zone.FindComponent<InputFile>());
    }
}
