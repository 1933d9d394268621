using System.Net;
using Provost.Api.Tests.Harness;
using Provost.Contracts;

namespace Provost.Api.Tests.Accounts;

public sealed class SignInTests(RealStores stores)
{
    private const string Good = "plum tractor seventeen";

    [Fact]
    public async Task A_link_signs_in_once_however_many_try_at_the_same_time()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var replica = await ApiServer.StartAsync(stores);
        var token = (await api.LinkAsync(new NewAccount(Name("race"), Role.Admin, null, null, null))).SignInUrl.Split('/')[^1];

        var statuses = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using var client = new ApiClient((i % 2 == 0 ? api : replica).Url);
            await client.SessionAsync();
            using var answer = await client.PostAsync("api/session/link", new LinkSignIn(token));
            return answer.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(15, statuses.Count(status => status == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task A_link_is_used_up_by_POST_only_and_stored_only_as_its_hash()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var link = await api.LinkAsync(new NewAccount(Name("get"), Role.Admin, null, null, null));
        var token = link.SignInUrl.Split('/')[^1];
        using var client = new ApiClient(api.Url);

        using var got = await client.Http.GetAsync($"api/session/link?token={token}");
        await client.SignInAsync(link.SignInUrl);

        Assert.Equal(HttpStatusCode.Forbidden, got.StatusCode);
        Assert.Equal(43, token.Length);
        Assert.InRange(link.Expires - DateTimeOffset.Parse("2020-01-01", null), TimeSpan.FromDays(1), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Passwords_sign_in_end_other_sessions_and_follow_the_rules()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var user = Name("ada");
        using var first = await api.SignInAsync(user, Role.Admin);
        using var second = await api.SignInAsync(user, Role.Admin);

        foreach (var bad in (string[])["short", user, "password1234", "qwertyuiop123", "aaaaaaaaaaaaaaaa", "abcabcabcabcabc", new string('x', 300)])
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PutAsync("api/account/password", new PasswordChange(null, bad))).StatusCode);
        var changed = await ApiClient.ReadAsync<SessionView>(await first.PutAsync("api/account/password", new PasswordChange(null, Good)));
        Assert.True(changed.HasPassword);
        Assert.Equal(user, (await first.SessionAsync()).User);
        Assert.Null((await second.SessionAsync()).User);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PutAsync("api/account/password", new PasswordChange("wrong", Good + "!"))).StatusCode);

        using var third = new ApiClient(api.Url);
        await third.SessionAsync();
        var session = await ApiClient.ReadAsync<SessionView>(await third.PostAsync("api/session/password", new PasswordSignIn(user.ToUpperInvariant(), Good)));
        Assert.Equal(user, session.User);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer_and_then_have_to_wait()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var user = Name("throttled");
        using (var own = await api.SignInAsync(user, Role.Admin))
            await ApiClient.ReadAsync<SessionView>(await own.PutAsync("api/account/password", new PasswordChange(null, Good)));

        var known = await TryAsync(api, user, "203.0.113.7");
        var unknown = await TryAsync(api, Name("nobody"), "203.0.113.8");
        Assert.Equal(known, unknown);
        Assert.Equal(401, known.Status);

        for (var attempt = 2; attempt <= 10; attempt++)
            Assert.Equal(401, (await TryAsync(api, user, "203.0.113.7")).Status);
        var (status, _, wait) = await TryAsync(api, user, "203.0.113.9", Good);
        Assert.Equal(429, status);
        Assert.InRange(wait!.Value.TotalSeconds, 1, 15 * 60);
    }

    [Fact]
    public async Task An_address_that_tries_many_names_has_to_wait_and_others_do_not()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var statuses = new List<int>();
        for (var attempt = 0; attempt <= 60; attempt++)
            statuses.Add(await LinkStatusAsync(api, "198.51.100.77"));

        Assert.Equal(429, statuses[^1]);
        Assert.All(statuses.SkipLast(1), status => Assert.Equal(401, status));
        Assert.Equal(401, await LinkStatusAsync(api, "198.51.100.78"));
    }

    [Fact]
    public async Task Changing_requests_need_the_antiforgery_token_of_the_one_who_asks()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var ada = await api.SignInAsync(Name("ada"), Role.Admin);
        using var eve = await api.SignInAsync(Name("eve"), Role.Admin);
        var eves = (await eve.SessionAsync()).AntiforgeryToken;

        ada.DropAntiforgery();
        using var without = await ada.PutAsync("api/account/password", new PasswordChange(null, Good));
        ada.Http.DefaultRequestHeaders.Add("X-Provost-Antiforgery", eves);
        using var foreign = await ada.PutAsync("api/account/password", new PasswordChange(null, Good));
        using var anonymous = new ApiClient(api.Url);
        using var signIn = await anonymous.PostAsync("api/session/link", new LinkSignIn("x"));

        Assert.Equal((400, 400, 400), ((int)without.StatusCode, (int)foreign.StatusCode, (int)signIn.StatusCode));
        await ada.SessionAsync();
        using var own = await ada.PutAsync("api/account/password", new PasswordChange(null, Good));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Removing_an_account_ends_its_sessions_and_links_on_every_replica()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var replica = await ApiServer.StartAsync(stores);
        var user = Name("gone");
        using var client = await api.SignInAsync(user, Role.Admin);
        var link = await replica.LinkAsync(new NewAccount(user, Role.Admin, null, null, null));

        using var removed = await replica.Operator.DeleteAsync($"api/operator/accounts/{user}");
        using var refused = await client.Http.GetAsync("api/courses");
        await api.LinkAsync(new NewAccount(user, Role.Admin, null, null, null));
        using var late = new ApiClient(api.Url);
        await late.SessionAsync();
        using var oldLink = await late.PostAsync("api/session/link", new LinkSignIn(link.SignInUrl.Split('/')[^1]));

        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, oldLink.StatusCode);
        Assert.Null((await client.SessionAsync()).User);
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        await using var api = await ApiServer.StartAsync(stores, ("Public:Url", "https://provost.example.edu"));
        var link = await api.LinkAsync(new NewAccount(Name("cookie"), Role.Admin, null, null, null));
        using var client = new ApiClient(api.Url);
        await client.SessionAsync();
        using var answer = await client.PostAsync("api/session/link", new LinkSignIn(link.SignInUrl.Split('/')[^1]));

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("provost=", StringComparison.Ordinal)).ToLowerInvariant();
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("secure", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.StartsWith("https://provost.example.edu/sign-in/", link.SignInUrl, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_itself_and_not_only_the_cookie()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var client = await api.SignInAsync(Name("out"), Role.Admin);
        var cookie = client.Cookies.GetCookies(api.Url)["provost"]!.Value;

        using var ended = await client.Http.DeleteAsync("api/session");
        using var thief = new HttpClient { BaseAddress = api.Url };
        thief.DefaultRequestHeaders.Add("Cookie", $"provost={cookie}");
        using var refused = await thief.GetAsync("api/courses");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Unauthorized), (ended.StatusCode, refused.StatusCode));
    }

    private static string Name(string name) => $"{name}-{Guid.NewGuid():N}"[..20];

    private static async Task<(int Status, string Body, TimeSpan? Wait)> TryAsync(ApiServer api, string user, string address, string password = "not the password")
    {
        using var client = new ApiClient(api.Url);
        await client.SessionAsync();
        client.Http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        using var answer = await client.PostAsync("api/session/password", new PasswordSignIn(user, password));
        var body = System.Text.RegularExpressions.Regex.Replace(await answer.Content.ReadAsStringAsync(), "\"traceId\":\"[^\"]*\"", "");
        return ((int)answer.StatusCode, body, answer.Headers.RetryAfter?.Delta);
    }

    private static async Task<int> LinkStatusAsync(ApiServer api, string address)
    {
        using var client = new ApiClient(api.Url);
        await client.SessionAsync();
        client.Http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        using var answer = await client.PostAsync("api/session/link", new LinkSignIn("no-such-token"));
        return (int)answer.StatusCode;
    }
}
