using System.ComponentModel;

namespace Provost.Runbooks.Tools;

/// <summary>A program that answers each line with a line, for as long as somebody asks.</summary>
public sealed class Conversation : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly System.Diagnostics.Process process;
    private readonly List<string> errors = [];

    private Conversation(System.Diagnostics.Process process) => this.process = process;

    public static Conversation Start(Command command)
    {
        var conversation = new Conversation(new System.Diagnostics.Process { StartInfo = Shell.StartInfo(command) });
        conversation.process.ErrorDataReceived += (_, e) => conversation.Keep(e.Data);
        try
        {
            conversation.process.Start();
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{command.Program} could not be started: {e.Message}", e);
        }
        conversation.process.BeginErrorReadLine();
        return conversation;
    }

    /// <summary>Throws <see cref="IOException"/> with what the program said when it has ended.</summary>
    public async Task<string> AskAsync(string line, CancellationToken cancellation)
    {
        await process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
        await process.StandardInput.FlushAsync(cancellation);
        return await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new IOException(await SaidAsync(cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            process.Kill();
        }
        process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (errors)
        {
            if (line is { Length: > 0 })
            {
                errors.Add(line);
            }
        }
    }

    // What it said last may still be on its way when its output has ended.
    private async Task<string> SaidAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It closed its output and goes on: what it has said by now is all there is.
        }
        lock (errors)
        {
            return errors.Count > 0 ? errors[^1] : "it has ended";
        }
    }
}
