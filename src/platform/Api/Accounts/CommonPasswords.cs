using System.Collections.Frozen;

namespace Provost.Api.Accounts;

/// <summary>Passwords of twelve and more characters that guessing tools try first, compared without case, digits at the end and signs.</summary>
internal static class CommonPasswords
{
    private static readonly FrozenSet<string> Words = new[]
    {
        "password", "passwordpassword", "passw0rd", "p@ssword", "p@ssw0rd", "mypassword", "newpassword", "changeme", "changemenow",
        "changemeplease", "letmein", "letmeinnow", "letmeinplease", "welcome", "welcomeback", "welcometo", "iloveyou", "iloveyouso",
        "iloveyousomuch", "iloveyouforever", "administrator", "admin", "adminadmin", "administrator1", "qwertyuiop", "qwertyuiopasdf",
        "qwertyuiopasdfgh", "qwertyqwerty", "qwerty", "qwertz", "qwertzuiop", "azertyuiop", "asdfghjkl", "asdfghjklqwe", "zxcvbnm",
        "zxcvbnmasdfg", "1q2w3e4r5t6y", "1q2w3e4r5t", "1qaz2wsx3edc", "1qaz2wsx3edc4rfv", "qazwsxedcrfv", "qazwsxedc", "qwe123qwe123",
        "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnop", "abcdefgh", "abc123abc123", "123456789abc", "a123456789", "football",
        "baseball", "basketball", "superman", "batman", "spiderman", "starwars", "trustno", "trustnoone", "monkey", "dragon",
        "dragonball", "princess", "sunshine", "sunshinesunshine", "master", "masterkey", "michael", "jennifer", "jessica", "liverpool",
        "liverpoolfc", "manchesterunited", "chelsea", "arsenal", "barcelona", "realmadrid", "pokemon", "minecraft", "fortnite",
        "computer", "internet", "university", "professor", "student", "teacher", "mathematics", "gradebook", "provost", "provostprovost",
        "canvas", "blackboard", "moodle", "brightspace", "correcthorsebatterystaple", "correcthorse", "horsebatterystaple", "default",
        "secret", "secretsecret", "topsecret", "supersecret", "mysecret", "test", "testtest", "testing", "testtesttest", "guest",
        "temporary", "temppassword", "temp", "access", "login", "loginlogin", "passpass", "passpasspass", "whatever", "nothing",
        "summer", "winter", "spring", "autumn", "january", "february", "september", "october", "november", "december", "monday",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string password)
    {
        var bare = password.Trim().TrimEnd("0123456789!@#$%^&*()_-+=.?".ToCharArray());
        return Words.Contains(password) || Words.Contains(bare) || bare.Length == 0 || IsRepeated(password);
    }

    // "abcabcabcabc": one short piece again and again.
    private static bool IsRepeated(string password) =>
        Enumerable.Range(1, password.Length / 3).Any(length =>
            password.Length % length == 0 && password == string.Concat(Enumerable.Repeat(password[..length], password.Length / length)));
}
