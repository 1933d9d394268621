using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Provost.Web.Tests;

/// <summary>A page without a browser: components with the services that they ask for.</summary>
internal static class Rendering
{
    public static BunitContext NewPage()
    {
        var context = new BunitContext();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Services.AddMudServices();
        return context;
    }
}
