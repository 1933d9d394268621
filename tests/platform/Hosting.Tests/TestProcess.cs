using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Provost.Hosting.Tests;

/// <summary>A service in a process of its own.</summary>
internal sealed partial class TestProcess : IDisposable
{
    private readonly List<string> lines = [];

    private TestProcess(Process process) => Process = process;

    public Process Process { get; }

    public string Output
    {
        get
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    public static TestProcess Start(params (string Key, string Value)[] environment) => Start(["service"], environment);

    public static TestProcess Start(string[] arguments, (string Key, string Value)[] environment) =>
        Start(Environment.ProcessPath!, arguments, environment);

    public static TestProcess Start(string program, string[] arguments, (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[$"PROVOST_{key}"] = value;
        }

        var test = new TestProcess(new Process { StartInfo = start });
        test.Process.OutputDataReceived += (_, line) => test.Add(line.Data);
        test.Process.ErrorDataReceived += (_, line) => test.Add(line.Data);
        test.Process.Start();
        test.Process.BeginOutputReadLine();
        test.Process.BeginErrorReadLine();
        return test;
    }

    /// <summary>A listening socket that children inherit under the same number.</summary>
    public static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(256);
        const int setDescriptorFlags = 2;
        _ = FileControl((int)socket.Handle, setDescriptorFlags, 0);
        return socket;
    }

    public void Signal(PosixSignalNumber signal) => _ = Kill(Process.Id, (int)signal);

    public async Task<int> ExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        await Process.WaitForExitAsync(timeout.Token);
        return Process.ExitCode;
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
        }

        Process.Dispose();
    }

    private void Add(string? line)
    {
        lock (lines)
        {
            lines.Add(line ?? "");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int descriptor, int command, int argument);
}

internal enum PosixSignalNumber
{
    HangUp = 1,
    Kill = 9,
    Terminate = 15,
}
