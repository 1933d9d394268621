using System.Globalization;
using System.Text;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>A command in the protocol of Redis.</summary>
internal static class RespRequest
{
    public static string Of(params string[] words) =>
        string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n") + string.Concat(words.Select(w => string.Create(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(w)}\r\n{w}\r\n")));
}
