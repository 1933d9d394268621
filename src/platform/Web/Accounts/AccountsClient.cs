using Provost.Contracts;
using Provost.Web.Transport;

namespace Provost.Web.Accounts;

internal sealed class AccountsClient(ApiConnection api)
{
    public Task<SessionView> SessionAsync(CancellationToken cancel = default) =>
        KeepToken(api.GetAsync("api/session", WireJson.Default.SessionView, cancel));

    public Task<SessionView> SignInAsync(PasswordSignIn credentials) => KeepToken(api.SendAsync(
        HttpMethod.Post, "api/session/password", ApiConnection.Json(credentials, WireJson.Default.PasswordSignIn), WireJson.Default.SessionView));

    public Task<SessionView> SignInAsync(LinkSignIn link) => KeepToken(api.SendAsync(
        HttpMethod.Post, "api/session/link", ApiConnection.Json(link, WireJson.Default.LinkSignIn), WireJson.Default.SessionView));

    public Task SignOutAsync() => api.SendAsync(HttpMethod.Delete, "api/session", body: null);

    public Task ChangePasswordAsync(PasswordChange change) => api.SendAsync(
        HttpMethod.Put, "api/account/password", ApiConnection.Json(change, WireJson.Default.PasswordChange));

    private async Task<SessionView> KeepToken(Task<SessionView> answer)
    {
        var session = await answer;
        api.AntiforgeryToken = session.AntiforgeryToken;
        return session;
    }
}
