//! Tests of the command line, its documents, and the layers.

mod claims;
mod colours;
mod command_line;
mod file_format;
mod layering;
mod messages;
mod source;
mod surveys;
mod views;
mod words;
