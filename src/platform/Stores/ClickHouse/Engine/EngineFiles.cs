using System.Globalization;
using System.Security;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>What the engine finds on the disk when it starts: directories, its configuration, the database "default".</summary>
internal sealed class EngineFiles(ClickHouseOptions options)
{
    public string Data { get; } = Path.GetFullPath(options.DataDirectory);

    public string Backups { get; } = Path.GetFullPath(options.BackupPath);

    /// <summary>Inserts that are still arriving.</summary>
    public string Spool => Path.Combine(Data, "spool");

    public string Configuration => Path.Combine(Data, "engine.xml");

    /// <summary>What file() and schema files are confined to: a directory that stays empty.</summary>
    private string Nothing => Path.Combine(Data, "nothing");

    public void Prepare()
    {
        try
        {
            if (Directory.Exists(Spool))
            {
                Directory.Delete(Spool, recursive: true);
            }

            foreach (var directory in (string[])[Data, Backups, Spool, Nothing, Path.Combine(Data, "metadata"), Path.Combine(Data, "tmp")])
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            DefineDefaultDatabase();
            File.WriteAllText(Configuration, Xml());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreError($"The data directory {Data} cannot be prepared: {error.Message}", error);
        }
    }

    /// <summary>
    /// Without this file the engine makes "default" a database in which every file of the machine is a table
    /// (SELECT * FROM `/etc/passwd`). With it, "default" is an ordinary one. The link of that name is only for people's
    /// eyes and made anew; left there, the engine would open the same database a second time, and end on that.
    /// </summary>
    private void DefineDefaultDatabase()
    {
        var link = new FileInfo(Path.Combine(Data, "metadata", "default"));
        if (link.LinkTarget is not null)
        {
            link.Delete();
        }

        var file = Path.Combine(Data, "metadata", "default.sql");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, $"ATTACH DATABASE _ UUID '{Guid.NewGuid()}'\nENGINE = Atomic\n");
        }
    }

    private string Xml()
    {
        // Memory that is only held for speed is kept small: the platform shares a small machine. Background pools likewise.
        // MergeTree refuses pools smaller than its thresholds for free entries, so those shrink too.
        var sync = options.SyncInserts ? 1 : 0;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <clickhouse>
              <path>{SecurityElement.Escape(Data)}</path>
              <tmp_path>{SecurityElement.Escape(Path.Combine(Data, "tmp"))}/</tmp_path>
              <user_files_path>{SecurityElement.Escape(Nothing)}/</user_files_path>
              <format_schema_path>{SecurityElement.Escape(Nothing)}/</format_schema_path>
              <user_scripts_path>{SecurityElement.Escape(Nothing)}/</user_scripts_path>
              <backups><allowed_path>{SecurityElement.Escape(Backups)}</allowed_path></backups>
              <remote_url_allow_hosts><host>nowhere.invalid</host></remote_url_allow_hosts>
              <max_server_memory_usage>{options.MaxMemoryMegabytes * 1024L * 1024}</max_server_memory_usage>
              <mark_cache_size>{options.MaxMemoryMegabytes * 1024L * 1024 / 16}</mark_cache_size>
              <primary_index_cache_size>{options.MaxMemoryMegabytes * 1024L * 1024 / 16}</primary_index_cache_size>
              <index_mark_cache_size>8388608</index_mark_cache_size>
              <uncompressed_cache_size>0</uncompressed_cache_size>
              <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
              <vector_similarity_index_cache_size>0</vector_similarity_index_cache_size>
              <text_index_dictionary_block_cache_size>0</text_index_dictionary_block_cache_size>
              <query_condition_cache_size>8388608</query_condition_cache_size>
              <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
              <mmap_cache_size>64</mmap_cache_size>
              <query_cache><max_size_in_bytes>16777216</max_size_in_bytes></query_cache>
              <background_pool_size>2</background_pool_size>
              <background_merges_mutations_concurrency_ratio>2</background_merges_mutations_concurrency_ratio>
              <background_schedule_pool_size>4</background_schedule_pool_size>
              <background_common_pool_size>2</background_common_pool_size>
              <background_move_pool_size>1</background_move_pool_size>
              <background_fetches_pool_size>1</background_fetches_pool_size>
              <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
              <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
              <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
              <tables_loader_foreground_pool_size>2</tables_loader_foreground_pool_size>
              <tables_loader_background_pool_size>1</tables_loader_background_pool_size>
              <max_thread_pool_size>512</max_thread_pool_size>
              <max_thread_pool_free_size>8</max_thread_pool_free_size>
              <max_io_thread_pool_size>16</max_io_thread_pool_size>
              <max_io_thread_pool_free_size>0</max_io_thread_pool_free_size>
              <max_backups_io_thread_pool_size>4</max_backups_io_thread_pool_size>
              <max_backups_io_thread_pool_free_size>0</max_backups_io_thread_pool_free_size>
              <merge_tree>
                <fsync_after_insert>{sync}</fsync_after_insert>
                <fsync_part_directory>{sync}</fsync_part_directory>
                <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
                <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
                <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
                <merge_max_block_size_bytes>4194304</merge_max_block_size_bytes>
              </merge_tree>
            </clickhouse>

            """);
    }
}
