using System.Security.Cryptography;
using Provost.Api.Privacy;
using Provost.Hosting.Configuration;

namespace Provost.Api.Tests.Privacy;

public sealed class PseudonymTests
{
    private static readonly string Key = Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
    private static readonly string OtherKey = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public void A_key_is_stable_per_course_and_says_nothing_without_the_installations_secret()
    {
        var pseudonyms = new Pseudonyms(new PseudonymsOptions { Key = new Secret(Key) });
        var other = new Pseudonyms(new PseudonymsOptions { Key = new Secret(OtherKey) });

        Assert.Matches("^[a-z2-7]{16}$", pseudonyms.For("math-101", "4711"));
        Assert.Equal(pseudonyms.For("math-101", "4711"), pseudonyms.For("math-101", " 4711 "));
        Assert.Equal(4, new[] { pseudonyms.For("math-101", "4711"), pseudonyms.For("math-102", "4711"), pseudonyms.For("math-101", "4712"), other.For("math-101", "4711") }.Distinct().Count());
        Assert.Equal(20_000, Enumerable.Range(0, 20_000).Select(i => pseudonyms.For("c", $"{i}")).Distinct().Count());
    }

    [Fact]
    public void A_name_opens_only_with_its_key_its_course_and_its_student()
    {
        var cipher = new NameCipher(new NamesOptions { Key = new Secret(Key) });
        var name = new PersonName("4711", "Ada Lovelace", "ada@example.edu", null);
        var locked = cipher.Encrypt("math-101", "abc", name);

        Assert.Equal(name, cipher.Decrypt("math-101", "abc", locked));
        Assert.NotEqual(locked, cipher.Encrypt("math-101", "abc", name));
        Assert.ThrowsAny<CryptographicException>(() => cipher.Decrypt("math-101", "abd", locked));
        Assert.ThrowsAny<CryptographicException>(() => cipher.Decrypt("math-102", "abc", locked));
        Assert.ThrowsAny<CryptographicException>(() => new NameCipher(new NamesOptions { Key = new Secret(OtherKey) }).Decrypt("math-101", "abc", locked));
        locked[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => cipher.Decrypt("math-101", "abc", locked));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64 at all, but long enough to be a key!!")]
    public void A_key_that_is_none_is_named_with_its_remedy(string key)
    {
        var problem = Assert.Single(new NamesOptions { Key = new Secret(key) }.Problems());

        Assert.Equal("Key", problem.Key);
        Assert.Contains("openssl rand -base64 32", problem.Remedy, StringComparison.Ordinal);
    }
}
