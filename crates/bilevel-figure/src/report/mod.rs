//! Documents of an experiment: a report as one HTML page that needs nothing else, and a handout of two sheets.

pub(crate) mod document;
pub(crate) mod escape;
pub(crate) mod handout;
pub(crate) mod sections;
pub(crate) mod themed;
pub(crate) mod timeline;
