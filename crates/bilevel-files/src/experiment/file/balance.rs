//! Brackets and quotes of a TOML text without their other half: each is one error at its place, and the text is mended so
//! that the rest can be read.

use crate::messages::toml as words;

/// A bracket or a quote without its other half, by bytes of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unbalanced {
    /// Its place.
    pub(super) at: usize,
    /// The end of the value that it begins.
    pub(super) end: usize,
    pub(super) message: String,
}

/// A text in which brackets and quotes are closed; its lines are those of the text that it is made of.
pub(super) struct Balanced {
    pub(super) text: String,
    pub(super) errors: Vec<Unbalanced>,
}

/// Closes what is open at the end of its value, and takes out what closes nothing.
pub(super) fn balanced(text: &str) -> Balanced {
    let mut scanner = Scanner {
        text,
        at: 0,
        last: 0,
        open: Vec::new(),
        edits: Vec::new(),
        errors: Vec::new(),
    };
    scanner.scan();
    let mut mended = String::with_capacity(text.len() + 8);
    let mut copied = 0;
    for (at, length, with) in &scanner.edits {
        mended.push_str(&text[copied..*at]);
        mended.push_str(with);
        copied = at + length;
    }
    mended.push_str(&text[copied..]);
    Balanced {
        text: mended,
        errors: scanner.errors,
    }
}

struct Scanner<'t> {
    text: &'t str,
    /// The place of the next character.
    at: usize,
    /// The end of the last character that is neither blank nor in a comment.
    last: usize,
    /// The open brackets, from the outermost on, with their places.
    open: Vec<(char, usize)>,
    /// Places, numbers of bytes and the text in place of these, in order.
    edits: Vec<(usize, usize, String)>,
    errors: Vec<Unbalanced>,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// The end of the line of the next character.
    fn end_of_line(&self) -> usize {
        let length = self.rest().find('\n');
        length.map_or(self.text.len(), |length| self.at + length)
    }

    fn scan(&mut self) {
        self.heading();
        while let Some(next) = self.rest().chars().next() {
            match next {
                '#' => self.at = self.end_of_line(),
                '\n' => {
                    self.at += 1;
                    if !self.open.is_empty() && self.begins_statement() {
                        self.close_all();
                    }
                    self.heading();
                }
                '"' | '\'' => self.quoted(next),
                '[' | '{' => {
                    self.open.push((next, self.at));
                    self.pass(1);
                }
                ']' | '}' => self.closing(next),
                _ if next.is_whitespace() => self.at += next.len_utf8(),
                _ => self.pass(next.len_utf8()),
            }
        }
        self.close_all();
    }

    fn pass(&mut self, length: usize) {
        self.at += length;
        self.last = self.at;
    }

    fn tell(&mut self, at: usize, end: usize, message: String) {
        self.errors.push(Unbalanced { at, end, message });
    }

    /// Passes a line such as `[problem]` or `[[method]]`.
    fn heading(&mut self) {
        let line = &self.text[self.at..self.end_of_line()];
        let begin = self.at + line.len() - line.trim_start().len();
        if !self.open.is_empty() || !line.trim_start().starts_with('[') {
            return;
        }
        let heading = line.split('#').next().unwrap_or_default().trim();
        let count = |sign: char| heading.matches(sign).count();
        let is_plain = !heading.contains(['"', '\'', '=', ',']);
        if is_plain && count('[') > count(']') {
            let end = begin + heading.len();
            let missing = "]".repeat(count('[') - count(']'));
            self.edits.push((end, 0, missing));
            self.tell(begin, end, words::unclosed_heading(heading));
        }
        self.at = self.end_of_line();
        self.last = self.at;
    }

    /// True if the next line is a heading, or a key with a value that cannot be a part of the innermost bracket.
    fn begins_statement(&self) -> bool {
        let line = self.text[self.at..self.end_of_line()].trim();
        let is_key = |text: &str| {
            let is_part = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.');
            text.starts_with(|one: char| one.is_ascii_alphabetic() || one == '_')
                && text.chars().all(is_part)
        };
        let heading = line.split('#').next().unwrap_or_default().trim();
        let name = heading.trim_matches(['[', ']']);
        let is_value = matches!(name, "true" | "false" | "inf" | "nan");
        if heading.starts_with('[') && heading.ends_with(']') && is_key(name) && !is_value {
            return true;
        }
        let is_assignment = line
            .split_once('=')
            .is_some_and(|(key, _)| is_key(key.trim()));
        let is_between = self.text[..self.last].ends_with([',', '{']);
        let is_in_table = self.open.last().is_some_and(|(sign, _)| *sign == '{');
        is_assignment && !(is_in_table && is_between)
    }

    /// Closes all open brackets behind the last character, with an error at the outermost.
    fn close_all(&mut self) {
        let Some(&(sign, at)) = self.open.first() else {
            return;
        };
        let closings = self.open.iter().rev().map(|(sign, _)| other_half(*sign));
        let closings: String = closings.collect();
        self.edits.push((self.last, 0, closings));
        self.tell(at, self.last, words::unclosed(sign));
        self.open.clear();
    }

    fn closing(&mut self, sign: char) {
        match self.open.pop() {
            Some((opening, _)) if other_half(opening) == sign => {}
            Some((opening, at)) => {
                let right = other_half(opening);
                self.edits.push((self.at, 1, right.to_string()));
                self.tell(self.at, self.at + 1, words::wrong_closing(sign, right));
                // errors before it in the value follow from this one
                if let Some(last) = self.errors.last_mut() {
                    last.end = last.end.max(at);
                }
            }
            None => {
                self.edits.push((self.at, 1, " ".to_owned()));
                self.tell(self.at, self.at + 1, words::stray_closing(sign));
            }
        }
        self.pass(1);
    }

    /// Passes a text in quotes.
    fn quoted(&mut self, quote: char) {
        let triple = quote.to_string().repeat(3);
        if self.rest().starts_with(&triple) {
            if let Some(length) = self.rest()[3..].find(&triple) {
                self.pass(length + 6);
            } else {
                let (at, end) = (self.at, self.text.len());
                self.edits.push((end, 0, triple));
                self.tell(at, end, words::unclosed_quotes());
                self.pass(end - at);
            }
            return;
        }
        let line = &self.text[self.at..self.end_of_line()];
        let mut is_escaped = false;
        for (place, one) in line.char_indices().skip(1) {
            if one == quote && !is_escaped {
                self.pass(place + 1);
                return;
            }
            is_escaped = one == '\\' && !is_escaped && quote == '"';
        }
        // brackets at the end of the line are rather meant to close those that are open
        let text = line.trim_end();
        let is_closing = |one: &char| matches!(one, ']' | '}' | ',' | ' ');
        let closings = text.chars().rev().take_while(is_closing).count();
        let closings = if self.open.is_empty() { 0 } else { closings };
        let end = self.at + text.len() - closings.min(text.len() - 1);
        self.edits.push((end, 0, quote.to_string()));
        self.tell(self.at, end, words::unclosed_quote(quote));
        self.pass(end - self.at);
    }
}

const fn other_half(opening: char) -> char {
    match opening {
        '[' => ']',
        _ => '}',
    }
}

#[cfg(test)]
mod tests {
    use super::balanced;

    #[test]
    fn a_bracket_that_is_never_closed_ends_with_its_value() {
        for (text, mended, at) in [
            ("a = [[1], [2]\nb = 3\n", "a = [[1], [2]]\nb = 3\n", 4),
            ("a = { x = 1 # c\n[b]\n", "a = { x = 1} # c\n[b]\n", 4),
            ("a = {\n x = 1,\n y = [\n", "a = {\n x = 1,\n y = []}\n", 4),
            ("[a\nb = 1\n", "[a]\nb = 1\n", 0),
            ("[[a]\nb = 1\n", "[[a]]\nb = 1\n", 0),
            ("a = [1]]\nb = 1\n", "a = [1] \nb = 1\n", 7),
            ("a = [1}\nb = 1\n", "a = [1]\nb = 1\n", 6),
            ("a = \"x\nb = 'y'\n", "a = \"x\"\nb = 'y'\n", 4),
            ("a = [\"x]\nb = 'y'\n", "a = [\"x\"]\nb = 'y'\n", 5),
            ("a = '''x\nb = 'y'\n", "a = '''x\nb = 'y'\n'''", 4),
        ] {
            let found = balanced(text);
            assert_eq!(found.text, mended);
            let places: Vec<usize> = found.errors.iter().map(|error| error.at).collect();
            assert_eq!(places, [at], "{text}");
        }
    }

    #[test]
    fn a_text_without_such_an_error_stays_as_it_is() {
        let text = "a = [ # [\n  [1, 2], # x = 1\n  ['[', \"\\\"]\"],\n]\n[b.c] # {\nd = { x = 1,\n y = '''\n[''' }\n";
        let found = balanced(text);
        assert_eq!(found.text, text);
        assert_eq!(found.errors, []);
    }
}
