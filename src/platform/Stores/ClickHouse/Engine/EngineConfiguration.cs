using System.Xml.Linq;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>The engine's configuration file. There are no system.*_log tables in it: the engine makes only those that it is told to.</summary>
internal static class EngineConfiguration
{
    private const long Megabyte = 1024 * 1024;

    public static XDocument Document(ClickHouseOptions options, EngineFiles files) => new(new XElement(
        "clickhouse", Places(files), Memory(options.MaxMemoryMegabytes * Megabyte), Pools(), MergeTree(options.SyncInserts)));

    private static IEnumerable<XElement> Places(EngineFiles files) =>
    [
        new("path", files.Data),
        new("tmp_path", Path.Combine(files.Data, "tmp") + "/"),
        new("user_files_path", files.Nothing + "/"),
        new("format_schema_path", files.Nothing + "/"),
        new("user_scripts_path", files.Nothing + "/"),
        new("backups", new XElement("allowed_path", files.Backups)),
        // One host that cannot exist: an empty list would allow every host.
        new("remote_url_allow_hosts", new XElement("host", "nowhere.invalid")),
    ];

    /// <summary>Memory that is only held for speed is kept small: the platform shares a small machine.</summary>
    private static IEnumerable<XElement> Memory(long limit) =>
    [
        new("max_server_memory_usage", limit),
        new("mark_cache_size", limit / 16),
        new("primary_index_cache_size", limit / 16),
        new("index_mark_cache_size", 8 * Megabyte),
        new("uncompressed_cache_size", 0),
        new("index_uncompressed_cache_size", 0),
        new("vector_similarity_index_cache_size", 0),
        new("text_index_dictionary_block_cache_size", 0),
        new("query_condition_cache_size", 8 * Megabyte),
        new("compiled_expression_cache_size", 16 * Megabyte),
        new("mmap_cache_size", 64),
        new("query_cache", new XElement("max_size_in_bytes", 16 * Megabyte)),
    ];

    private static IEnumerable<XElement> Pools() =>
    [
        new("background_pool_size", 2),
        new("background_merges_mutations_concurrency_ratio", 2),
        new("background_schedule_pool_size", 4),
        new("background_common_pool_size", 2),
        new("background_move_pool_size", 1),
        new("background_fetches_pool_size", 1),
        new("background_buffer_flush_schedule_pool_size", 1),
        new("background_message_broker_schedule_pool_size", 1),
        new("background_distributed_schedule_pool_size", 1),
        new("tables_loader_foreground_pool_size", 2),
        new("tables_loader_background_pool_size", 1),
        new("max_thread_pool_size", 512),
        new("max_thread_pool_free_size", 8),
        new("max_io_thread_pool_size", 16),
        new("max_io_thread_pool_free_size", 0),
        new("max_backups_io_thread_pool_size", 4),
        new("max_backups_io_thread_pool_free_size", 0),
    ];

    private static XElement MergeTree(bool sync) => new(
        "merge_tree",
        new XElement("fsync_after_insert", sync ? 1 : 0),
        new XElement("fsync_part_directory", sync ? 1 : 0),
        // Thresholds of free entries must be below the size of the pool, or tables are refused.
        new XElement("number_of_free_entries_in_pool_to_lower_max_size_of_merge", 1),
        new XElement("number_of_free_entries_in_pool_to_execute_mutation", 1),
        new XElement("number_of_free_entries_in_pool_to_execute_optimize_entire_partition", 1),
        new XElement("merge_max_block_size_bytes", 4 * Megabyte));
}
