//! The lines of a TOML file under construction.

use std::fmt::Write as _;

/// A text that grows line by line.
#[derive(Debug, Default)]
pub(crate) struct LineWriter(String);

impl LineWriter {
    /// The whole text.
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    pub(crate) fn heading(&mut self, name: &str) {
        // writing to a String cannot fail
        let _ok = writeln!(self.0, "\n{name}");
    }

    pub(crate) fn raw(&mut self, key: &str, value: &str) {
        let _ok = writeln!(self.0, "{key} = {value}");
    }

    pub(crate) fn text(&mut self, key: &str, text: &str) {
        self.raw(key, &quoted(text));
    }

    pub(crate) fn number(&mut self, key: &str, number: f64) {
        self.raw(key, &float(number));
    }
}

/// A text in TOML's quotes.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A number as text that reads back to the same bits; integers without a decimal point.
pub(crate) fn float(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 && !(number == 0.0 && number.is_sign_negative())
    {
        format!("{number:.0}")
    } else {
        format!("{number:?}")
    }
}

pub(crate) fn list(numbers: &[f64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|&number| float(number)).collect();
    format!("[{}]", numbers.join(", "))
}
