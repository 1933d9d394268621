namespace Provost.Runbooks.Tools;

/// <summary>Space on the disk that is held while something is changed, so that the way back can be written when the disk is full.</summary>
internal sealed class SpaceReserve : IDisposable
{
    private const long Bytes = 8 << 20;

    private readonly string file;

    private SpaceReserve(string file) => this.file = file;

    /// <exception cref="IOException">There is not even that much.</exception>
    public static SpaceReserve Take(string folder)
    {
        var file = Path.Combine(folder, $"reserve.{Environment.ProcessId}");
        using var held = new FileStream(
            file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = PrivateFiles.FileMode, PreallocationSize = Bytes });
        return new SpaceReserve(file);
    }

    /// <summary>Gives the space back to whoever needs it now.</summary>
    public void Release() => File.Delete(file);

    public void Dispose() => Release();
}
