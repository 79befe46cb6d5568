//! Files: experiments and presets (TOML), traces and tables (CSV, JSON), atomic writing.
//!
//! The formats are stable: other people's scripts depend on them.

mod execute;
mod experiment;
mod lesson;
mod messages;
mod output;

pub mod presets;
pub mod views;

pub use execute::part_race::ROOM_FOR_ROWS;
pub use execute::run_all::{
    RefereeRows, RunOptions, judge_stored, run_all, run_rest, run_streamed, run_until,
    stream_stored,
};
pub use execute::survey_cells::{OutcomeReceiver, cells, each_cells};
pub use execute::{ExecuteError, ProgressReports};
pub use experiment::family_tree::{ForkError, ForkPoint, Parent};
pub use experiment::figure_spec::{AxisWord, FigureRanges, FigureSpec, PageSpec, RunsWord};
pub use experiment::file::document::ReadError;
pub use experiment::file::keys::file_keys;
pub use experiment::file::read::LARGEST_FILE;
pub use experiment::file::read_methods::{LONGEST_NOTE, label_error};
pub use experiment::forks::{LineagePart, children, lineage, parents};
pub use experiment::letters::in_letter_order;
pub use experiment::model::{
    Experiment, MethodSpec, PlanError, ProblemSpec, RunKey, StartSpec, ViewSpec, WindowLayout,
    counterpart, unused_label,
};
pub use experiment::picture_note::PictureNote;
pub use experiment::plan::shard::Shard;
pub use experiment::plan::survey_plan::{SurveyError, SurveyMethod, SurveyOptions, SurveyPlan};
pub use experiment::plan::variants::Variant;
pub use experiment::setting_change::{SettingChange, SettingChangeError};
pub use experiment::share::{ShareError, is_shared_line};
pub use experiment::sweep_axis::{SweepAxis, SweepAxisError};
pub use lesson::check::{ClaimCheck, check_lesson};
pub use lesson::claim::{ClaimMoment, ClaimSubject, Condition, LessonClaim, Quantity};
pub use lesson::library::{
    BuiltInLesson, LessonHeading, OpenLessonError, find_lesson, is_lesson, lesson_headings,
    lessons, names_lesson, open_lesson, register_lessons,
};
pub use lesson::model::{
    AskedPrediction, AskedQuestion, Highlight, Lesson, LessonQuestion, LessonStep, StepPlayhead,
};
pub use lesson::read::lesson_keys;
pub use output::atomic_write::{FileSet, WriteError, probe_file, write_file};
pub use output::diagnostics_csv::DiagnosticsTable;
pub use output::escapes::latex_character;
pub use output::frame_folder::{check_frame_folder, write_frames};
pub use output::manifest::{ExperimentId, FileRecord, SetKind};
pub use output::merging::{MergeError, kind_of_parts};
pub use output::result_set::{Replaced, ResultSet, SetError, SetRequest};
pub use output::row_spool::{RowSink, RowSpool};
pub use output::run_parts::MergedRuns;
pub use output::shares_table::shares_table;
pub use output::stored_runs::{StoredFolder, StoredRuns, StoredRunsError};
pub use output::stored_survey::StoredSurvey;
pub use output::summary::{RunResult, summary, summary_until};
pub use output::summary_context::{
    add_context, checks_as_json, checks_of, is_sampled, minima_as_json,
};
pub use output::survey_files::{SurveyFiles, SurveyKind};
pub use output::survey_parts::SurveyPart;
pub use output::survey_stream::SurveyStream;
pub use output::table_text::TableStyle;
pub use output::tables::{OutcomeRow, Table, TableCell};
pub use output::trace_csv::{ExtraColumn, TraceLayout, header, write_rows};
pub use output::tuning_files::{TuningFiles, TuningOptions};
pub use output::tuning_parts::TuningPart;
pub use presets::{OpenExperimentError, Preset, open};
pub use views::{AxisWords, ViewInfo, ViewKind};
