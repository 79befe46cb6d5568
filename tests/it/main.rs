//! Tests of the command line, its documents, and the layers.

mod animation;
mod claims;
mod colours;
mod command_line;
mod compass;
mod diagnostics;
mod file_format;
mod layering;
mod lessons;
mod messages;
mod pages;
mod parts;
mod pdf_text;
mod reports;
mod results;
mod source;
mod steps;
mod streamed_rows;
mod surveys;
mod thumbnails;
mod views;
mod words;
