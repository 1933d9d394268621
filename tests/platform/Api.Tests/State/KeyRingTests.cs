using System.Globalization;
using System.Xml.Linq;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;

namespace Provost.Api.Tests.State;

/// <summary>Replicas that start together sign in for each other. With stores of its own: the ring must be empty at first.</summary>
public sealed class KeyRingTests : IAsyncLifetime
{
    private readonly RealStores stores = new();

    public async ValueTask InitializeAsync() => await stores.InitializeAsync();

    public async ValueTask DisposeAsync() => await stores.DisposeAsync();

    [Fact]
    public async Task Replicas_that_start_together_make_one_key_and_each_reads_the_other_s_cookies()
    {
        var starting = Enumerable.Range(0, 3).Select(_ => ApiServer.StartAsync(stores)).ToArray();
        var replicas = await Task.WhenAll(starting);
        using var professor = await replicas[0].SignInAsync("ada", Role.Professor, "Ring");

        foreach (var replica in replicas)
        {
            using var answer = await professor.Http.GetAsync(new Uri(replica.Url, "api/session"));
            Assert.Equal("ada", (await ApiClient.ReadAsync<SessionView>(answer)).User);
        }
        Assert.Single(replicas[0].Get<KeyRing>().GetAllElements());
        foreach (var replica in replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task Of_keys_for_use_at_once_the_quicker_one_is_kept_and_keys_for_later_and_revocations_are_always_added()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await EmptyAsync(api);
        var (one, other) = (Ring(api), Ring(api));
        Assert.Empty(one.GetAllElements());
        Assert.Empty(other.GetAllElements());

        one.StoreElement(Key(activated: TimeSpan.Zero), "quicker");
        var first = Assert.Single(one.GetAllElements());
        other.StoreElement(Key(activated: TimeSpan.Zero), "slower");
        Assert.Equal(first.ToString(), Assert.Single(other.GetAllElements()).ToString());

        other.StoreElement(Key(activated: TimeSpan.FromDays(2)), "later");
        one.StoreElement(new XElement("revocation", new XElement("revocationDate", TimeProvider.System.GetUtcNow())), "revocation");
        Assert.Equal(3, one.GetAllElements().Count);
    }

    [Theory]
    [InlineData(-100, "expired")]
    [InlineData(-1, "in date, but revoked or wrapped with a secret that is gone")]
    public async Task A_ring_whose_keys_serve_nobody_any_more_gets_one_new_key(int days, string why)
    {
        await using var api = await ApiServer.StartAsync(stores);
        await EmptyAsync(api);
        Ring(api).StoreElement(Key(TimeSpan.FromDays(days)), why);
        var (one, other) = (Ring(api), Ring(api));
        Assert.Single(one.GetAllElements());
        Assert.Single(other.GetAllElements());

        one.StoreElement(Key(activated: TimeSpan.Zero), "new");
        other.StoreElement(Key(activated: TimeSpan.Zero), "of another replica");

        Assert.Equal(2, one.GetAllElements().Count);
    }

    private static KeyRing Ring(ApiServer api) => new(api.Get<RedisStore>(), TimeProvider.System);

    private static Task EmptyAsync(ApiServer api) => api.Get<RedisStore>().RunAsync("test", database => database.KeyDeleteAsync(Keys.KeyRing));

    private static XElement Key(TimeSpan activated)
    {
        var from = TimeProvider.System.GetUtcNow() + activated;
        return new XElement("key", new XAttribute("id", Guid.NewGuid()),
            new XElement("activationDate", from.ToString("O", CultureInfo.InvariantCulture)),
            new XElement("expirationDate", from.AddDays(90).ToString("O", CultureInfo.InvariantCulture)));
    }
}
