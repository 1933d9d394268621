using System.Text;
using Provost.Analytics.Cells;

namespace Provost.Api.Facts;

/// <summary>
/// Which assessment a row is of, guessed by which one followed the row before when that was met before: rows of every student
/// lie in the same order, and to compare one name is less than to look one up.
/// </summary>
internal sealed class ColumnOrder
{
    private const int Unknown = -1;

    private readonly byte[][] ids;
    private readonly int[] following;
    private int before;

    public ColumnOrder(Assessment[] assessments)
    {
        ids = [.. assessments.Select(assessment => Encoding.UTF8.GetBytes(assessment.Id))];
        following = new int[ids.Length];
        Array.Fill(following, Unknown);
    }

    /// <summary>The place of the assessment with this id; -1 when it must be looked up.</summary>
    public int Guess(ReadOnlySpan<byte> id)
    {
        if (ids.Length == 0 || following[before] is not (>= 0 and var guess) || !id.SequenceEqual(ids[guess]))
            return Unknown;
        return before = guess;
    }

    /// <summary>What was looked up, which is what the last guess should have been.</summary>
    public void Learn(int found)
    {
        if (found < 0)
            return;
        following[before] = found;
        before = found;
    }
}
