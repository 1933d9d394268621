namespace Provost.Gradebooks;

/// <summary>How far reading has come.</summary>
/// <param name="BytesRead">Bytes of text so far, after decompression.</param>
/// <param name="Rows">Rows so far.</param>
public sealed record ReadProgress(long BytesRead, int Rows);
