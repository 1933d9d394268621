using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Provost.Api.Facts;

/// <summary>Writes ClickHouse's RowBinary: https://clickhouse.com/docs/interfaces/formats/RowBinary</summary>
internal sealed class RowBinaryWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 16);

    public int Rows { get; private set; }

    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    public void EndRow() => Rows++;

    public void Write(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        for (var rest = (uint)length; ; rest >>= 7)
        {
            Write((byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80)
                break;
        }

        Encoding.UTF8.GetBytes(value, buffer.GetSpan(length));
        buffer.Advance(length);
    }

    public void Write(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    public void Write(bool value) => Write((byte)(value ? 1 : 0));

    public void Write(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.GetSpan(2), value);
        buffer.Advance(2);
    }

    public void Write(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    public void Write(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    public void Write(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    /// <summary>Nullable(Float64): a flag, then the value.</summary>
    public void WriteNullable(double? value)
    {
        Write(value is null);
        if (value is { } known)
            Write(known);
    }
}

/// <summary>Reads what <see cref="RowBinaryWriter"/> describes.</summary>
internal ref struct RowBinaryReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool AtEnd => rest.IsEmpty;

    /// <summary>The bytes of a string, not copied.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var (length, shift) = (0, 0);
        byte part;
        do
        {
            part = ReadByte();
            length |= (part & 0x7f) << shift;
            shift += 7;
        }
        while (part >= 0x80);
        return Take(length);
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    public byte ReadByte() => Take(1)[0];

    public bool ReadBool() => ReadByte() != 0;

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public double? ReadNullableDouble() => ReadBool() ? null : ReadDouble();

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > rest.Length)
            throw new EndOfStreamException("The answer of ClickHouse ended inside a row");
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
