-- Snapshots of courses: every import writes one complete version; State says which version is current.
-- {engine} is "MergeTree" on one server and "ReplicatedMergeTree" in a cluster.

CREATE TABLE IF NOT EXISTS {database}.assessments
(
    course LowCardinality(String) COMMENT 'course id',
    version UInt64 COMMENT 'snapshot that the row belongs to',
    position UInt16 COMMENT 'place in the course',
    assessment String COMMENT 'stable id within the course',
    name String,
    max_score Float64 COMMENT 'points for full marks',
    weight Float64 COMMENT 'share of the final mark, any unit',
    due_day Nullable(Float64) COMMENT 'days after the start of the course',
    kind LowCardinality(String),
    extra_credit Bool,
    written DateTime DEFAULT now()
)
ENGINE = {engine} ORDER BY (course, version, position)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS {database}.students
(
    course LowCardinality(String),
    version UInt64,
    position UInt32 COMMENT 'place in the course',
    student String COMMENT 'pseudonym',
    section String COMMENT 'empty when unknown',
    outcome LowCardinality(String) COMMENT 'Pass, Distinction, Fail, Withdrawn; empty while the course runs',
    unregistered_day Nullable(Float64),
    written DateTime DEFAULT now()
)
ENGINE = {engine} ORDER BY (course, version, position)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS {database}.cells
(
    course LowCardinality(String),
    version UInt64,
    student String COMMENT 'pseudonym',
    assessment LowCardinality(String),
    state UInt8 COMMENT '1 graded, 2 missing as stated by the source, 3 excused, 4 pending; a cell without a row is not due',
    score Float64 COMMENT 'per cent; 0 unless graded',
    submitted_day Nullable(Float64),
    transferred Bool,
    written DateTime DEFAULT now()
)
ENGINE = {engine} ORDER BY (course, version, student, assessment)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
