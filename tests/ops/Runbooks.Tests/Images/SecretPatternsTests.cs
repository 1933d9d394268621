using System.Text;
using Provost.Runbooks.Images.Scans.Checks;

namespace Provost.Runbooks.Tests.Images;

public sealed class SecretPatternsTests
{
    // In two parts each, so that this file itself holds no secret.
    [Theory]
    [InlineData("AKIA", "IOSFODNN7EXAMPLE")]
    [InlineData("ghp_", "abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("glpat-", "abcdefghij0123456789")]
    [InlineData("xoxb-", "123456789012-abcdefghijklmnopqrstuvwx")]
    [InlineData("npm_", "abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("sk_live_", "abcdefghijklmnopqrstuvwx")]
    [InlineData("password = ", "\"Zk3vP9sQ1xL7mT5wB8nR2c\"")]
    [InlineData("export API_KEY=", "Zk3vP9sQ1xL7mT5wB8nR2cZk3vP9")]
    public void A_secret_of_a_known_shape_is_found(string start, string rest) =>
        Assert.NotNull(SecretPatterns.ByContent(Encoding.UTF8.GetBytes($"first line\n{start}{rest}\nlast line")));

    [Theory]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB")]
    [InlineData("if (pem.StartsWith(\"-----BEGIN PRIVATE KEY-----\"))")]
    [InlineData("password: ${PASSWORD}")]
    [InlineData("password = change-me-please-change-me")]
    [InlineData("\"sha256\": \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"")]
    [InlineData("public const string Token = nameof(Token);")]
    public void What_only_talks_about_secrets_is_not(string text) => Assert.Null(SecretPatterns.ByContent(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("app/.env", true)]
    [InlineData("app/.env.production", true)]
    [InlineData("app/.env.example", false)]
    [InlineData("root/.ssh/id_ed25519", true)]
    [InlineData("app/cert.pfx", true)]
    [InlineData("root/.docker/config.json", true)]
    [InlineData("app/appsettings.json", false)]
    public void Some_files_are_secrets_by_their_name(string path, bool secret) => Assert.Equal(secret, SecretPatterns.ByName(path) is not null);

    [Theory]
    [InlineData("PROVOST_Redis__Password", "x", true)]
    [InlineData("API_KEY", "x", true)]
    [InlineData("PROVOST_Secrets__Directory", "/run/secrets", false)]
    [InlineData("TOKEN", "", false)]
    [InlineData("PATH", "/usr/bin", false)]
    public void A_variable_is_a_secret_by_its_name_and_value(string name, string value, bool secret) =>
        Assert.Equal(secret, SecretPatterns.IsSecretVariable(name, value));
}
