using Provost.Contracts;
using Provost.Web.Transport;

namespace Provost.Web.Accounts;

/// <summary>Who is signed in, for the whole page. Read once at the start; changed by signing in and out and by a 401.</summary>
internal sealed class Session
{
    private readonly AccountsClient accounts;

    public Session(AccountsClient accounts, ApiConnection api)
    {
        this.accounts = accounts;
        api.SignedOut += () => Set(Current is { } view ? view with { User = null, IsAdmin = false, Memberships = [] } : null);
    }

    /// <summary>Null until the server has answered for the first time.</summary>
    public SessionView? Current { get; private set; }

    public bool IsSignedIn => Current?.User is not null;

    public event Action? Changed;

    /// <summary>The release that this page was loaded with; the server's may be newer since.</summary>
    public string? LoadedRelease { get; private set; }

    public async Task LoadAsync()
    {
        var session = await accounts.SessionAsync();
        LoadedRelease ??= session.Release;
        Set(session);
    }

    /// <summary>Whether another release runs than the one that this page was loaded with; false when nobody answers.</summary>
    public async Task<bool> IsOutdatedAsync()
    {
        try
        {
            return (await accounts.SessionAsync()).Release is { Length: > 0 } release && LoadedRelease is { } loaded && release != loaded;
        }
        catch (ApiProblem)
        {
            return false;
        }
    }

    /// <summary>Signs in, then asks again: the antiforgery token belongs to the person from now on.</summary>
    public async Task SignInAsync(PasswordSignIn credentials)
    {
        await accounts.SignInAsync(credentials);
        await LoadAsync();
    }

    public async Task SignInAsync(LinkSignIn link)
    {
        await accounts.SignInAsync(link);
        await LoadAsync();
    }

    public async Task SignOutAsync()
    {
        await accounts.SignOutAsync();
        await LoadAsync();
    }

    private void Set(SessionView? session)
    {
        Current = session;
        Changed?.Invoke();
    }
}
