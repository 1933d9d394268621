using System.Runtime.InteropServices;
using System.Text;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>Values for <c>{name:Type}</c>, in ClickHouse's escaped text form (as in tab-separated data), held for one native call.</summary>
internal sealed unsafe class QueryParameters : IDisposable
{
    private readonly byte** texts;
    private readonly nuint* lengths;

    public QueryParameters(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        Count = parameters.Count;
        texts = (byte**)NativeMemory.AllocZeroed((nuint)(2 * Count) + 1, (nuint)sizeof(byte*));
        lengths = (nuint*)NativeMemory.AllocZeroed((nuint)(2 * Count) + 1, (nuint)sizeof(nuint));
        for (var i = 0; i < Count; i++)
        {
            Put(i, parameters[i].Key);
            Put(Count + i, parameters[i].Value);
        }
    }

    public int Count { get; }

    public byte** Names => texts;

    public nuint* NameLengths => lengths;

    public byte** Values => texts + Count;

    public nuint* ValueLengths => lengths + Count;

    public void Dispose()
    {
        for (var i = 0; i < 2 * Count; i++)
        {
            NativeMemory.Free(texts[i]);
        }

        NativeMemory.Free(texts);
        NativeMemory.Free(lengths);
    }

    private void Put(int index, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var memory = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(memory, length));
        memory[length] = 0;
        texts[index] = memory;
        lengths[index] = (nuint)length;
    }
}
