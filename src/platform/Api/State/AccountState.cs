using System.Globalization;
using System.Text.Json;
using Provost.Api.Accounts;
using StackExchange.Redis;

namespace Provost.Api.State;

/// <summary>Accounts, sessions and one-time links.</summary>
internal sealed class AccountState(RedisStore redis, TimeProvider time)
{
    private const string MembershipPrefix = "in:";

    public static readonly TimeSpan SessionLife = TimeSpan.FromHours(12);
    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(5);

    /// <summary>Everything that a request needs to know, in one round trip.</summary>
    /// <param name="course">The course of the request's address; null when it names none.</param>
    public Task<RequestState> LoadAsync(string session, string user, string? course) => redis.RunAsync("request.load", async database =>
    {
        var stored = database.StringGetWithExpiryAsync(Keys.Session(session));
        var account = database.HashGetAllAsync(Keys.Account(user));
        var finished = database.StringGetAsync(Keys.Finished);
        var record = course is null ? null : CourseState.ReadAsync(database, course);
        var (value, expiry) = (await stored) is { } answer ? (answer.Value, answer.Expiry) : default;
        var found = Parse(user, await account);
        var signedIn = !value.IsNull && found is not null
            && JsonSerializer.Deserialize((byte[])value!, ApiJson.Default.SessionRecord) is { } open
            && open.User == user && open.Stamp == found.Stamp;
        if (signedIn && expiry < SessionLife - RenewAfter)
            Renew(database, session, user);
        return new RequestState(signedIn ? found : null, record is null ? null : await record, (long)await finished);
    });

    public Task<AccountRecord?> FindAsync(string user) =>
        redis.RunAsync("account.read", async database => Parse(user, await database.HashGetAllAsync(Keys.Account(user))));

    public Task<AccountRecord[]> AllAsync() => redis.RunAsync("account.list", async database =>
    {
        var users = await database.SetMembersAsync(Keys.Accounts);
        var accounts = await Task.WhenAll(users.Select(async user => Parse(user.ToString(), await database.HashGetAllAsync(Keys.Account(user.ToString())))));
        return accounts.OfType<AccountRecord>().OrderBy(account => account.User, StringComparer.Ordinal).ToArray();
    });

    /// <summary>Makes the account, or adds to it: administrators stay administrators, memberships of other courses stay.</summary>
    public Task GrantAsync(string user, bool admin, string? course, MembershipRecord? membership) =>
        redis.CommitAsync("account.grant", transaction =>
        {
            var key = Keys.Account(user);
            _ = transaction.SetAddAsync(Keys.Accounts, user);
            _ = transaction.HashSetAsync(key, "stamp", Secrets.NewToken(), When.NotExists);
            _ = transaction.HashSetAsync(key, "created", Now(), When.NotExists);
            if (admin)
                _ = transaction.HashSetAsync(key, "admin", "1");
            if (course is not null && membership is not null)
                _ = transaction.HashSetAsync(key, MembershipPrefix + course, JsonSerializer.SerializeToUtf8Bytes(membership, ApiJson.Default.MembershipRecord));
            Ring(transaction, user);
        });

    /// <summary>Removes the account; its sessions and links are worth nothing from then on, on every device.</summary>
    public Task<bool> RemoveAsync(string user) => redis.RunAsync("account.remove", async database =>
    {
        var transaction = database.CreateTransaction();
        var removed = transaction.SetRemoveAsync(Keys.Accounts, user);
        _ = transaction.KeyDeleteAsync(Keys.Account(user));
        Ring(transaction, user);
        await transaction.ExecuteAsync();
        return await removed;
    });

    public Task LeaveAsync(string user, string course) => redis.CommitAsync("account.leave", transaction =>
    {
        _ = transaction.HashDeleteAsync(Keys.Account(user), MembershipPrefix + course);
        Ring(transaction, user);
    });

    /// <summary>Sets the password and a new stamp: every session but the one that is opened next ends.</summary>
    public Task<bool> SetPasswordAsync(string user, string hash) => redis.CommitAsync("account.password", transaction =>
    {
        transaction.AddCondition(Condition.KeyExists(Keys.Account(user)));
        _ = transaction.HashSetAsync(Keys.Account(user), [new("password", hash), new("stamp", Secrets.NewToken())]);
        Ring(transaction, user);
    });

    /// <summary>Opens a session and returns its id; only the id's hash is stored.</summary>
    public async Task<string> OpenSessionAsync(AccountRecord account)
    {
        var id = Secrets.NewToken();
        var session = JsonSerializer.SerializeToUtf8Bytes(new SessionRecord(account.User, account.Stamp), ApiJson.Default.SessionRecord);
        await redis.RunAsync("session.open", database => database.StringSetAsync(Keys.Session(Secrets.Hash(id)), session, SessionLife));
        await redis.RunAsync("account.seen", database => TouchAsync(database, account.User));
        return id;
    }

    public Task CloseSessionAsync(string session, string user) => redis.CommitAsync("session.close", transaction =>
    {
        _ = transaction.KeyDeleteAsync(Keys.Session(session));
        Ring(transaction, user);
    });

    public async Task<string> CreateLinkAsync(AccountRecord account, TimeSpan life)
    {
        var token = Secrets.NewToken();
        var link = JsonSerializer.SerializeToUtf8Bytes(new SessionRecord(account.User, account.Stamp), ApiJson.Default.SessionRecord);
        await redis.RunAsync("link.create", database => database.StringSetAsync(Keys.Link(Secrets.Hash(token)), link, life));
        return token;
    }

    /// <summary>Whose link it was; null when it was used, has expired, or never was. One caller of many gets it.</summary>
    public async Task<AccountRecord?> TakeLinkAsync(string token)
    {
        var stored = await redis.RunAsync("link.take", database => database.StringGetDeleteAsync(Keys.Link(Secrets.Hash(token))));
        if (stored.IsNull)
            return null;
        var link = JsonSerializer.Deserialize((byte[])stored!, ApiJson.Default.SessionRecord)!;
        return await FindAsync(link.User) is { } account && account.Stamp == link.Stamp ? account : null;
    }

    private void Renew(IDatabase database, string session, string user)
    {
        _ = database.KeyExpireAsync(Keys.Session(session), SessionLife, CommandFlags.FireAndForget);
        _ = TouchAsync(database, user);
    }

    // Only an account that is there is touched: a removed one must not come back as a fragment.
    private Task<bool> TouchAsync(IDatabase database, string user)
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists(Keys.Account(user)));
        _ = transaction.HashSetAsync(Keys.Account(user), "seen", Now());
        return transaction.ExecuteAsync();
    }

    private static void Ring(ITransaction transaction, string user) =>
        _ = transaction.PublishAsync(RedisChannel.Literal(Keys.Doorbell), "user:" + user);

    private string Now() => time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);

    private static AccountRecord? Parse(string user, HashEntry[] entries)
    {
        var fields = entries.ToDictionary(entry => entry.Name.ToString(), entry => entry.Value);
        if (!fields.TryGetValue("stamp", out var stamp))
            return null;
        return new AccountRecord(user, fields.ContainsKey("admin"), stamp.ToString(), fields.GetValueOrDefault("password"),
            Time(fields.GetValueOrDefault("created")) ?? default, Time(fields.GetValueOrDefault("seen")),
            fields.Where(field => field.Key.StartsWith(MembershipPrefix, StringComparison.Ordinal)).ToDictionary(
                field => field.Key[MembershipPrefix.Length..],
                field => JsonSerializer.Deserialize((byte[])field.Value!, ApiJson.Default.MembershipRecord)!));
    }

    private static DateTimeOffset? Time(RedisValue value) =>
        value.IsNull ? null : DateTimeOffset.Parse(value.ToString(), CultureInfo.InvariantCulture);
}
