//! `list glossary`: the terms of the field with their definitions as a Markdown document, `docs/glossary.md`.

use std::fmt::Write as _;

use bilevel_figure::{GLOSSARY, RichText};

/// The document.
pub(super) fn glossary() -> String {
    let mut text = "# Glossary\n\nMade by `bilevel-lab list glossary > docs/glossary.md`. \
                    In the window a term with dots under it shows its definition under the pointer.\n"
        .to_owned();
    for term in GLOSSARY {
        // a plural is no other word
        let mut forms: Vec<&str> = Vec::new();
        for form in term.forms {
            let known = std::iter::once(&term.name).chain(&forms);
            if !known.into_iter().any(|known| form.starts_with(known)) {
                forms.push(form);
            }
        }
        let forms = if forms.is_empty() {
            String::new()
        } else {
            format!(" (also: {})", forms.join(", "))
        };
        let definition = RichText::parse(term.definition).plain().replace('*', "\\*");
        // writing to a string cannot fail
        let _written = write!(text, "\n**{}**{forms}  \n{definition}\n", term.name);
    }
    text
}
