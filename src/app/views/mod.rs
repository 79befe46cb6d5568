//! The views of the runs, one a file, and their shared parts.

pub(crate) mod assumptions;
pub(crate) mod atlas;
pub(crate) mod context;
pub(crate) mod drag_start;
pub(crate) mod honesty;
pub(crate) mod hover;
pub(crate) mod landscape;
pub(crate) mod learned;
pub(crate) mod levels;
pub(crate) mod option;
pub(crate) mod penalty;
pub(crate) mod plain;
pub(crate) mod race;
pub(crate) mod results;
pub(crate) mod run_views;
pub(crate) mod slice;
pub(crate) mod survey_choices;
pub(crate) mod sweep;
pub(crate) mod switch;
