using System.Globalization;
using Provost.Analytics.Cells;
using Provost.Api.Courses;
using Provost.Gradebooks;

namespace Provost.Api.Facts;

/// <summary>Snapshots in ClickHouse: one version is written whole, and nobody reads it until State points at it.</summary>
internal sealed class SnapshotFacts(FactsStore facts)
{
    private const int RowsPerInsert = 100_000;
    private static readonly string[] Tables = ["assessments", "students", "cells"];
    private static readonly string[] AssessmentColumns = ["course", "version", "position", "assessment", "name", "max_score", "weight", "due_day", "kind", "extra_credit"];
    private static readonly string[] StudentColumns = ["course", "version", "position", "student", "section", "outcome", "unregistered_day"];
    private static readonly string[] CellColumns = ["course", "version", "student", "assessment", "state", "score", "submitted_day", "transferred"];

    /// <summary>Writes a whole version and looks whether all of it can be read back.</summary>
    public async Task WriteAsync(string course, long version, Snapshot snapshot, CancellationToken cancellation)
    {
        // The token belongs to this attempt: a version that was dropped and is used again must not count as the same block.
        var attempt = Guid.NewGuid().ToString("N");
        await Task.WhenAll(
            Insert("assessments", AssessmentColumns, AssessmentRows(snapshot)),
            Insert("students", StudentColumns, StudentRows(snapshot)),
            Insert("cells", CellColumns, CellRows(snapshot)));

        var expected = snapshot.Assessments.Count + snapshot.Students.Count + snapshot.Cells.Count(cell => cell.State != CellState.NotDue);
        var counted = await CountAsync(course, version, cancellation);
        if (counted != (ulong)expected)
            throw new InvalidOperationException($"Wrote {expected} rows of {course} version {version}, and {counted} can be read: not acknowledged");

        Task Insert(string table, string[] columns, IEnumerable<Action<RowBinaryWriter>> rows) =>
            InsertAsync(table, columns, rows.Select(row => new Action<RowBinaryWriter>(block =>
            {
                block.Write(course);
                block.Write((ulong)version);
                row(block);
            })), attempt, cancellation);
    }

    public async Task<Snapshot> ReadAsync(string course, long version, CancellationToken cancellation)
    {
        var assessments = Rows("assessments", "assessment, name, max_score, weight, due_day, kind, extra_credit", "ORDER BY position");
        var students = Rows("students", "student, section, outcome, unregistered_day", "ORDER BY position");
        var cells = Rows("cells", "student, assessment, state, score, submitted_day, transferred", "");
        using var assessmentRows = await assessments;
        using var studentRows = await students;
        using var cellRows = await cells;
        var (k, n) = (ReadAssessments(assessmentRows.Span), ReadStudents(studentRows.Span));
        return new Snapshot(k, n, ReadCells(cellRows.Span, k, n));

        Task<PooledBytes> Rows(string table, string columns, string order) => facts.ReadAsync(
            $"read.{table}", $"SELECT {columns} FROM {facts.Database}.{table} WHERE course = {{course:String}} AND version = {{version:UInt64}} {order}",
            cancellation, Named(course, version));
    }

    /// <summary>Removes one version: an attempt that was not committed.</summary>
    public Task DropAsync(string course, long version, CancellationToken cancellation) => Task.WhenAll(Tables.Select(table => facts.ExecuteAsync(
        "drop", $"DELETE FROM {facts.Database}.{table} WHERE course = {{course:String}} AND version = {{version:UInt64}}", cancellation, Named(course, version))));

    /// <summary>Removes what nobody reads any more: other versions than the current ones, once they are old enough for every reader and writer.</summary>
    public async Task SweepAsync(IReadOnlyDictionary<string, long> current, TimeSpan age, CancellationToken cancellation)
    {
        var old = string.Create(CultureInfo.InvariantCulture, $"written < now() - {(long)age.TotalSeconds}");
        foreach (var (course, version) in current)
            foreach (var table in Tables)
            {
                var where = $"course = {{course:String}} AND version != {{version:UInt64}} AND {old}";
                if (await facts.CountAsync("sweep.count", $"SELECT count() FROM {facts.Database}.{table} WHERE {where}", cancellation, Named(course, version)) > 0)
                    await facts.ExecuteAsync("sweep", $"ALTER TABLE {facts.Database}.{table} DELETE WHERE {where}", cancellation, Named(course, version));
            }
    }

    /// <summary>Rewrites the parts without a student's rows, in every version, and waits until that is done.</summary>
    /// <returns>How many cells were there.</returns>
    public async Task<int> EraseAsync(string course, IReadOnlyCollection<string> students, CancellationToken cancellation)
    {
        var keys = string.Join(',', students.Select(Quoted));
        var where = $"course = {{course:String}} AND student IN ({keys})";
        (string, string)[] parameters = [("course", course)];
        var cells = await facts.CountAsync("erase.count", $"SELECT count() FROM {facts.Database}.cells WHERE {where}", cancellation, parameters);
        foreach (var table in Tables.Skip(1))
            await facts.ExecuteAsync("erase", $"ALTER TABLE {facts.Database}.{table} DELETE WHERE {where} SETTINGS mutations_sync = 2", cancellation, parameters);
        return (int)cells;
    }

    public Task<ulong> CountAsync(string course, long version, CancellationToken cancellation) => facts.CountAsync(
        "count",
        // A scalar subquery is Nullable, a count never null.
        $"SELECT assumeNotNull({string.Join(" + ", Tables.Select(table => $"(SELECT count() FROM {facts.Database}.{table} WHERE course = {{course:String}} AND version = {{version:UInt64}})"))})",
        cancellation, Named(course, version));

    private async Task InsertAsync(
        string table, string[] columns, IEnumerable<Action<RowBinaryWriter>> rows, string attempt, CancellationToken cancellation)
    {
        foreach (var (index, chunk) in rows.Chunk(RowsPerInsert).Index())
        {
            var block = new RowBinaryWriter();
            foreach (var row in chunk)
            {
                row(block);
                block.EndRow();
            }

            await facts.InsertAsync(table, columns, block, $"{attempt}/{index}", cancellation);
        }
    }

    private static IEnumerable<Action<RowBinaryWriter>> AssessmentRows(Snapshot snapshot) => snapshot.Assessments.Select((assessment, position) =>
        new Action<RowBinaryWriter>(row =>
        {
            row.Write((ushort)position);
            row.Write(assessment.Id);
            row.Write(assessment.Name);
            row.Write(assessment.MaxScore);
            row.Write(assessment.Weight);
            row.WriteNullable(assessment.DueDay);
            row.Write(assessment.Kind);
            row.Write(assessment.ExtraCredit);
        }));

    private static IEnumerable<Action<RowBinaryWriter>> StudentRows(Snapshot snapshot) => snapshot.Students.Select((student, position) =>
        new Action<RowBinaryWriter>(row =>
        {
            row.Write((uint)position);
            row.Write(student.Key);
            row.Write(student.Section ?? "");
            row.Write(student.Outcome?.ToString() ?? "");
            row.WriteNullable(student.UnregisteredDay);
        }));

    private static IEnumerable<Action<RowBinaryWriter>> CellRows(Snapshot snapshot) =>
        from i in Enumerable.Range(0, snapshot.Students.Count)
        from j in Enumerable.Range(0, snapshot.Assessments.Count)
        let cell = snapshot[i, j]
        where cell.State != CellState.NotDue
        select new Action<RowBinaryWriter>(row =>
        {
            row.Write(snapshot.Students[i].Key);
            row.Write(snapshot.Assessments[j].Id);
            row.Write((byte)cell.State);
            row.Write(cell.State == CellState.Graded ? cell.Score : 0);
            row.WriteNullable(cell.SubmittedDay);
            row.Write(cell.Transferred);
        });

    private static Assessment[] ReadAssessments(ReadOnlySpan<byte> bytes)
    {
        var assessments = new List<Assessment>();
        var rows = new RowBinaryReader(bytes);
        while (!rows.AtEnd)
        {
            assessments.Add(new Assessment(
                rows.ReadString(), rows.ReadString(), rows.ReadDouble(), rows.ReadDouble(), rows.ReadNullableDouble(), rows.ReadString(), rows.ReadBool()));
        }

        return [.. assessments];
    }

    private static SnapshotStudent[] ReadStudents(ReadOnlySpan<byte> bytes)
    {
        var students = new List<SnapshotStudent>();
        var rows = new RowBinaryReader(bytes);
        while (!rows.AtEnd)
        {
            var (key, section, outcome) = (rows.ReadString(), rows.ReadString(), rows.ReadString());
            students.Add(new SnapshotStudent(
                key, section.Length == 0 ? null : section, Enum.TryParse<FinalResult>(outcome, out var result) ? result : null, rows.ReadNullableDouble()));
        }

        return [.. students];
    }

    private static Cell[] ReadCells(ReadOnlySpan<byte> bytes, Assessment[] assessments, SnapshotStudent[] students)
    {
        var cells = new Cell[students.Length * assessments.Length];
        Array.Fill(cells, Cell.NotDue);
        var row = students.Select((student, index) => KeyValuePair.Create(student.Key, index)).ToDictionary().GetAlternateLookup<ReadOnlySpan<char>>();
        var column = assessments.Select((assessment, index) => KeyValuePair.Create(assessment.Id, index)).ToDictionary().GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> text = stackalloc char[1024];
        var student = ReadOnlySpan<byte>.Empty;
        var i = -1;
        var order = new ColumnOrder(assessments);
        var rows = new RowBinaryReader(bytes);
        while (!rows.AtEnd)
        {
            // They lie there student by student.
            var key = rows.ReadBytes();
            if (!key.SequenceEqual(student))
            {
                student = key;
                i = Find(row, key, text);
            }

            var assessment = rows.ReadBytes();
            var j = order.Guess(assessment);
            if (j < 0)
                order.Learn(j = Find(column, assessment, text));
            var (state, score, submitted, transferred) = ((CellState)rows.ReadByte(), rows.ReadDouble(), rows.ReadNullableDouble(), rows.ReadBool());
            if (i >= 0 && j >= 0)
                cells[(i * assessments.Length) + j] = new Cell(state, state == CellState.Graded ? score : double.NaN, submitted, transferred);
        }

        return cells;
    }

    private static int Find(Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> index, ReadOnlySpan<byte> key, Span<char> text)
    {
        if (key.Length > text.Length)
            return index.Dictionary.GetValueOrDefault(System.Text.Encoding.UTF8.GetString(key), -1);
        var length = System.Text.Encoding.UTF8.GetChars(key, text);
        return index.TryGetValue(text[..length], out var found) ? found : -1;
    }

    private static (string, string)[] Named(string course, long version) =>
        [("course", course), ("version", version.ToString(CultureInfo.InvariantCulture))];

    // Keys are base32: anything else does not come near the SQL.
    private static string Quoted(string key) => key.All(char.IsAsciiLetterOrDigit)
        ? $"'{key}'"
        : throw new ArgumentException($"\"{key}\" is no student key", nameof(key));
}
