using MudBlazor;

namespace Provost.Web.Layout;

/// <summary>The component library's palette: the same values as wwwroot/css/tokens.css.</summary>
internal static class ProvostTheme
{
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#17568a",
            PrimaryContrastText = "#ffffff",
            Secondary = "#b45a12",
            Background = "#f4f6f8",
            Surface = "#ffffff",
            TextPrimary = "#17202b",
            TextSecondary = "#52606f",
            TextDisabled = "#6b7886",
            Error = "#a8291c",
            Warning = "#805200",
            Success = "#1c6b43",
            Info = "#17568a",
            LinesDefault = "#dde2e8",
            LinesInputs = "#7d8998",
            ActionDefault = "#52606f",
            ActionDisabled = "#6b7886",
            ActionDisabledBackground = "#e9edf1",
            Divider = "#dde2e8",
            Dark = "#17202b",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#82bdec",
            PrimaryContrastText = "#0b1e2e",
            Secondary = "#f2a65e",
            SecondaryContrastText = "#0f141a",
            Background = "#0f141a",
            Surface = "#171e26",
            TextPrimary = "#e7ecf2",
            TextSecondary = "#a4b1bf",
            TextDisabled = "#8b98a6",
            Error = "#ffa196",
            ErrorContrastText = "#0f141a",
            Warning = "#f0c670",
            WarningContrastText = "#0f141a",
            Success = "#86d6a9",
            SuccessContrastText = "#0f141a",
            Info = "#82bdec",
            InfoContrastText = "#0f141a",
            LinesDefault = "#2b3642",
            LinesInputs = "#7c8a9a",
            ActionDefault = "#a4b1bf",
            ActionDisabled = "#8b98a6",
            ActionDisabledBackground = "#26303b",
            Divider = "#2b3642",
            Dark = "#0b1117",
        },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = ["Inter", "system-ui", "sans-serif"] } },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
    };
}
