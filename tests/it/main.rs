//! Tests of the command line, of the documents that it writes, and of the layers.

mod claims;
mod command_line;
mod layering;
mod source;
mod surveys;
