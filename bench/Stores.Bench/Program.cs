using System.Diagnostics;
using System.Globalization;
using System.Text;
using Provost.Stores.Bench;
using Provost.Stores.ClickHouse;
using Provost.Stores.ClickHouse.Engine;

// Embedded ClickHouse over HTTP beside the same engine called in process: the same rows, the same queries, one after the
// other in one run, medians. The bar: HTTP is at least 0.8 times as fast over all queries.
const double bar = 0.8;
const int rounds = 9;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var directory = Directory.CreateTempSubdirectory("provost-stores-bench-").FullName;
try
{
    var library = ChdbLibrary.Find(Environment.GetEnvironmentVariable("PROVOST_ClickHouse__Library"));
    using var http = await HttpStore.StartAsync(directory, library);
    await Task.Delay(TimeSpan.FromSeconds(3));
    Console.WriteLine($"idle after the start: {http.ResidentMegabytes} MB resident, of which {http.AnonymousMegabytes} MB are its own (the rest are shared pages of files)");
    using var engine = ChdbEngine.Start(new ClickHouseOptions { DataDirectory = Path.Combine(directory, "local"), Library = library, Password = new("x") });
    using var local = engine.Open();
    foreach (var sql in (string[])[Workload.Create, Workload.Fill, "OPTIMIZE TABLE results FINAL"])
    {
        await http.QueryAsync(sql);
        Local(local, sql);
    }

    var (sumLocal, sumHttp) = (0.0, 0.0);
    foreach (var (name, sql) in Workload.Queries)
    {
        var (localTimes, httpTimes) = (new List<double>(), new List<double>());
        if (await http.QueryAsync(sql) != Local(local, sql))
        {
            throw new InvalidOperationException($"{name}: the two answers differ in length");
        }

        for (var round = 0; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            Local(local, sql);
            localTimes.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            await http.QueryAsync(sql);
            httpTimes.Add(watch.Elapsed.TotalMilliseconds);
        }

        var (inProcess, overHttp) = (Median(localTimes), Median(httpTimes));
        sumLocal += inProcess;
        sumHttp += overHttp;
        Console.WriteLine($"{name,-38} in process {inProcess,8:0.0} ms, HTTP {overHttp,8:0.0} ms, ratio {inProcess / overHttp:0.00}");
    }

    var ratio = sumLocal / sumHttp;
    Console.WriteLine($"{(ratio >= bar ? "ok  " : "MISS")} all queries {"",-21} in process {sumLocal,8:0.0} ms, HTTP {sumHttp,8:0.0} ms, ratio {ratio:0.00} (bar {bar})");
    await Inserts(http);
    await Task.Delay(TimeSpan.FromSeconds(5));
    Console.WriteLine($"idle after the work: {http.ResidentMegabytes} MB resident, of which {http.AnonymousMegabytes} MB are its own");
    return ratio >= bar ? 0 : 1;
}
finally
{
    Directory.Delete(directory, recursive: true);
}

static long Local(EngineConnection connection, string sql)
{
    var result = connection.Execute(sql, "RowBinaryWithNamesAndTypes");
    return result.Error is { } error ? throw new InvalidOperationException(error.Text) : result.Output.Length;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static async Task Inserts(HttpStore http)
{
    foreach (var batch in (int[])[1, 100, 10_000, 500_000])
    {
        var table = $"inserts_{batch}";
        await http.QueryAsync($"CREATE TABLE {table} (a UInt64, name String, score Float64) ENGINE = MergeTree ORDER BY a");
        var rows = RowBinary(batch);
        var (inserted, watch) = (0L, Stopwatch.StartNew());
        for (; watch.Elapsed < TimeSpan.FromSeconds(2); inserted += batch)
        {
            await http.InsertAsync(table, rows);
        }

        Console.WriteLine($"inserts of {batch,7} rows, each on the disk before it is acknowledged: {inserted / watch.Elapsed.TotalSeconds,12:#,0} rows/s");
    }
}

static byte[] RowBinary(int count)
{
    using var stream = new MemoryStream();
    using var writer = new BinaryWriter(stream, Encoding.UTF8);
    for (var i = 0; i < count; i++)
    {
        writer.Write((ulong)i);
        writer.Write($"student {i}");
        writer.Write(i / 3.0);
    }

    writer.Flush();
    return stream.ToArray();
}
