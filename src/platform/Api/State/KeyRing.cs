using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using StackExchange.Redis;

namespace Provost.Api.State;

/// <summary>
/// The key ring that protects cookies and antiforgery tokens: shared by all replicas, kept in Redis, wrapped with a secret.
/// A replica reads it at its start and once a day; a key that is made ahead of time is known everywhere before it is used. One that
/// is used at once (the first of all) must be one for all: who starts beside another must not sign in whom the other does not know.
/// </summary>
internal sealed class KeyRing(RedisStore redis, TimeProvider time) : IXmlRepository
{
    // Of replicas on other machines, as the framework allows for it.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    // What the framework knew when it decided to make a key.
    private string[] read = [];

    // The framework asks for keys synchronously and rarely (start and rotation).
    public IReadOnlyCollection<XElement> GetAllElements() => [.. (read = ReadAsync().GetAwaiter().GetResult()).Select(XElement.Parse)];

    /// <summary>Stores nothing when the key is to be used at once and another replica was quicker; the framework then reads that one's.</summary>
    public void StoreElement(XElement element, string friendlyName) => StoreAsync(element).GetAwaiter().GetResult();

    private Task<string[]> ReadAsync() => redis.RunAsync("keyring.read", async database =>
        (await database.SetMembersAsync(Keys.KeyRing)).Select(element => element.ToString()).ToArray());

    private async Task StoreAsync(XElement element)
    {
        var known = read;
        while (!await AddAsync(element, known.Length))
        {
            var ring = await ReadAsync();
            if (IsInUse(element) && ring.Except(known).Select(XElement.Parse).Any(IsInUse))
                return;
            known = ring;
        }
    }

    /// <returns>False when the ring has another size.</returns>
    private Task<bool> AddAsync(XElement element, int size) => redis.RunAsync("keyring.write", database =>
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.SetLengthEqual(Keys.KeyRing, size));
        _ = transaction.SetAddAsync(Keys.KeyRing, element.ToString(SaveOptions.DisableFormatting));
        return transaction.ExecuteAsync();
    });

    // Revocations are elements too, and have no dates of a key.
    private bool IsInUse(XElement element) => time.GetUtcNow() is var now
        && Date(element, "activationDate") is { } activated && activated <= now + ClockSkew && Date(element, "expirationDate") is { } expires && now < expires;

    private static DateTimeOffset? Date(XElement element, string name) =>
        element.Element(name)?.Value is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
}
