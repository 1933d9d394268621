using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Provost.Api.State;

/// <summary>The key ring that protects cookies and antiforgery tokens: shared by all replicas, kept in Redis, wrapped with a secret.</summary>
internal sealed class KeyRing(RedisStore redis) : IXmlRepository
{
    // The framework asks for keys synchronously and rarely (start and rotation).
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. redis.RunAsync("keyring.read", database => database.SetMembersAsync(Keys.KeyRing)).GetAwaiter().GetResult()
            .Select(element => XElement.Parse(element.ToString()))];

    public void StoreElement(XElement element, string friendlyName) =>
        redis.RunAsync("keyring.write", database =>
            database.SetAddAsync(Keys.KeyRing, element.ToString(SaveOptions.DisableFormatting))).GetAwaiter().GetResult();
}
