using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Accounts;

/// <summary>One-time links to sign in with: whoever has one is that person, once.</summary>
internal sealed class SignInLinks(AccountState accounts, PublicOptions address, AccountAudit audit, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(48);

    public async Task<SignInLink> MakeAsync(AccountRecord account, string by)
    {
        var token = await accounts.CreateLinkAsync(account, Life);
        var expires = time.GetUtcNow() + Life;
        audit.Linked(account.User, expires, by);
        return new SignInLink(account.User, address.SignInUrl(token), expires);
    }
}
