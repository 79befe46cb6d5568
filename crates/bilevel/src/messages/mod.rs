//! Sentences for users: errors, warnings, statuses and verdicts, a function each, in one folder for a translator.
//!
//! A function chooses words only; its caller decides which one holds. Names, help texts and captions are data of the
//! tables that declare them.

pub(crate) mod checks;
pub(crate) mod counted;
pub(crate) mod data;
pub(crate) mod excerpt;
pub(crate) mod formula;
pub(crate) mod learning;
pub(crate) mod outcome;
pub(crate) mod run;
pub(crate) mod settings;
pub(crate) mod undefined;
