using Microsoft.AspNetCore.Components.Forms;
using Provost.Web.Transport;

namespace Provost.Web.Imports;

internal static class FileReading
{
    /// <summary>The gateway's default limit: a larger file would be refused there anyway.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    /// <exception cref="ApiProblem">The file is empty, too large, or cannot be read.</exception>
    public static async Task<ChosenFile> ReadAsync(IBrowserFile file)
    {
        if (file.Size == 0) throw new ApiProblem(null, $"{file.Name} is empty", "Export the gradebook again and choose the new file.");
        if (file.Size > MaxBytes) throw new ApiProblem(null, $"{file.Name} is larger than 256 MB", "Export one course at a time, or let the operator import it with “provost import”.");
        try
        {
            await using var stream = file.OpenReadStream(MaxBytes);
            var bytes = new byte[file.Size];
            await stream.ReadExactlyAsync(bytes);
            return new ChosenFile(file.Name, bytes);
        }
        catch (Exception error) when (error is IOException or Microsoft.JSInterop.JSException)
        {
            throw new ApiProblem(null, $"{file.Name} could not be read", "It may have been moved, or is open in another program. Choose it again.");
        }
    }
}
