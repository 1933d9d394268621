namespace Provost.Runbooks.Tests.Images;

/// <summary>A program that says what a test wants to hear: for what cannot be caused on the real one.</summary>
internal sealed class FakeProgram : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-fake-");

    public FakeProgram(string name, string script)
    {
        Path = System.IO.Path.Combine(folder.FullName, name);
        File.WriteAllText(Path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    public void Dispose() => folder.Delete(recursive: true);
}
