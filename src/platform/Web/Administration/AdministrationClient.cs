using Provost.Contracts;
using Provost.Web.Transport;

namespace Provost.Web.Administration;

internal sealed class AdministrationClient(ApiConnection api)
{
    public Task<InstallationHealth> HealthAsync(CancellationToken cancel = default) =>
        api.GetAsync("api/admin/health", WireJson.Default.InstallationHealth, cancel);

    public Task<IReadOnlyList<AccountView>> AccountsAsync(CancellationToken cancel = default) =>
        api.GetAsync("api/admin/accounts", WireJson.Default.IReadOnlyListAccountView, cancel);

    public Task<SignInLink> AddAsync(NewAccount account) => api.SendAsync(
        HttpMethod.Post, "api/admin/accounts", ApiConnection.Json(account, WireJson.Default.NewAccount), WireJson.Default.SignInLink);

    public Task RemoveAsync(string user) => api.SendAsync(HttpMethod.Delete, $"api/admin/accounts/{Uri.EscapeDataString(user)}", body: null);

    public Task<SignInLink> LinkAsync(string user) => api.SendAsync(
        HttpMethod.Post, $"api/admin/accounts/{Uri.EscapeDataString(user)}/link", body: null, WireJson.Default.SignInLink);

    public Task<ErasureReceipt> EraseAsync(ErasureRequest request) => api.SendAsync(
        HttpMethod.Post, "api/admin/erasures", ApiConnection.Json(request, WireJson.Default.ErasureRequest), WireJson.Default.ErasureReceipt);
}
