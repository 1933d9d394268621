using System.Diagnostics;
using System.Text.Json;

namespace Provost.Cli.Tests;

/// <summary>The command as people run it: a process with its streams and its exit code.</summary>
internal sealed record Run(int ExitCode, string Output, string Talk)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

internal sealed class Tool : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("provost-cli-").FullName;

    public string Write(string text)
    {
        var file = Path.Combine(Folder, "provost.yaml");
        File.WriteAllText(file, text);
        return file;
    }

    public async Task<Run> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "provost"), arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var talk = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Run(process.ExitCode, await output, await talk);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
