using Microsoft.JSInterop;

namespace Provost.Web.Layout;

/// <summary>Light or dark: follows the system unless a person chose; the choice is remembered by the browser (js/theme.js).</summary>
internal sealed class Appearance : IDisposable
{
    private readonly IJSRuntime script;
    private readonly DotNetObjectReference<Appearance> self;

    public Appearance(IJSRuntime script)
    {
        this.script = script;
        self = DotNetObjectReference.Create(this);
    }

    public bool IsDark { get; private set; }

    /// <summary>system, light or dark.</summary>
    public string Choice { get; private set; } = "system";

    public bool IsOnline { get; private set; } = true;

    public event Action? Changed;

    /// <summary>Somebody came back to the page, or has it before them for another five minutes.</summary>
    public event Action? Seen;

    public async Task StartAsync()
    {
        IsDark = await script.InvokeAsync<bool>("provost.theme.isDark");
        Choice = await script.InvokeAsync<string>("provost.theme.choice");
        IsOnline = await script.InvokeAsync<bool>("provost.network.listen", self);
        await script.InvokeVoidAsync("provost.theme.listen", self);
        await script.InvokeVoidAsync("provost.visits.listen", self);
        Changed?.Invoke();
    }

    public async Task ChooseAsync(string choice)
    {
        Choice = choice;
        await script.InvokeVoidAsync("provost.theme.choose", choice);
    }

    [JSInvokable]
    public void ThemeChanged(bool isDark)
    {
        IsDark = isDark;
        Changed?.Invoke();
    }

    [JSInvokable]
    public void NetworkChanged(bool isOnline)
    {
        IsOnline = isOnline;
        Changed?.Invoke();
    }

    [JSInvokable]
    public void PageSeen() => Seen?.Invoke();

    public void Dispose() => self.Dispose();
}
