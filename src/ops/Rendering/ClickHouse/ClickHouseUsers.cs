using System.Security.Cryptography;
using System.Text;

namespace Provost.Rendering.ClickHouse;

/// <summary>Users of a ClickHouse server: the platform's, by the hash of its password, and nobody else.</summary>
public static class ClickHouseUsers
{
    public static string Render(string password) => $"""
        <!-- Written by provost on every start: do not edit. -->
        <clickhouse>
            <users>
                <default remove="1"/>
                <provost>
                    <password_sha256_hex>{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(password)))}</password_sha256_hex>
                    <networks><ip>::/0</ip></networks>
                    <profile>default</profile>
                    <quota>default</quota>
                </provost>
            </users>
        </clickhouse>

        """;
}
