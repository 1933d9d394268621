using System.Text;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Logs;

/// <summary>New lines of one log file, from its present end on; goes over to the new file when it was rotated.</summary>
internal sealed class Follower : IDisposable
{
    private readonly string path;
    private readonly byte[] buffer = new byte[32 * 1024];
    private readonly List<byte> partial = [];
    private FileStream? stream;
    private ulong inode;

    public Follower(string path)
    {
        this.path = path;
        Open();
        stream?.Seek(0, SeekOrigin.End);
    }

    public IReadOnlyList<string> Next()
    {
        List<string> lines = [];
        Read(lines);
        // The old file is read to its end first: its writer goes on in it until it has heard of the rotation.
        if (FileIdentity.Of(path) is { } now && now != inode)
        {
            Read(lines);
            stream?.Dispose();
            Open();
            Read(lines);
        }
        return lines;
    }

    public void Dispose() => stream?.Dispose();

    private void Open()
    {
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            inode = FileIdentity.Of(path) ?? 0;
        }
        catch (IOException)
        {
            (stream, inode) = (null, 0);
        }
    }

    private void Read(List<string> lines)
    {
        int read;
        while (stream is not null && (read = stream.Read(buffer)) > 0)
        {
            foreach (var value in buffer.AsSpan(0, read))
            {
                if (value != (byte)'\n')
                {
                    partial.Add(value);
                    continue;
                }
                lines.Add(Encoding.UTF8.GetString([.. partial]));
                partial.Clear();
            }
        }
    }
}
