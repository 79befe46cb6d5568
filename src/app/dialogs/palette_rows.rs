//! The rows of the palette: actions, values to choose, presets, claims, problems, methods, and the controls of the
//! window.

use std::collections::HashSet;

use bilevel::method::METHODS;
use bilevel::problem;
use bilevel::study::RunCost;
use bilevel_claims::CLAIMS;
use bilevel_figure::{RichText, chosen_views};
use bilevel_files::{WindowLayout, lesson_headings, presets};

use crate::app::command::action::{ACTIONS, ButtonFace};
use crate::app::command::controls::Control;
use crate::app::command::keyboard::METHOD_KEYS;
use crate::app::command::matching::SearchText;
use crate::app::command::{Command, Edit, ViewChange};
use crate::app::session::Session;
use crate::app::session::playhead::SPEEDS;
use crate::app::views::race::{measures, name_hint};

/// The end of the name of a field beside a slider.
const TYPED: &str = ", typed";

/// The choosers whose values have rows of their own.
const CHOOSERS: [&str; 5] = [
    "View of the runs",
    "Layout",
    "Speed",
    "Measure of the race",
    "Cost of the race",
];

/// A row: a command with its words and key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PaletteRow {
    /// The kind of its subject; empty for actions.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) key: String,
    /// More words that find it, each from its beginning.
    synonyms: &'static str,
    pub(crate) command: Command,
}

impl PaletteRow {
    fn new(
        kind: &'static str,
        name: &str,
        synonyms: &'static str,
        command: impl Into<Command>,
    ) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            key: String::new(),
            synonyms,
            command: command.into(),
        }
    }

    /// The row's whole text.
    pub(crate) fn text(&self) -> String {
        if self.kind.is_empty() {
            self.name.clone()
        } else {
            format!("{}: {}", self.kind, self.name)
        }
    }

    /// The text that a search looks at.
    pub(crate) fn search_text(&self) -> SearchText {
        SearchText::new(&self.text(), self.synonyms).of_kind(self.kind)
    }
}

/// All rows, in the order in which equally good ones are shown.
pub(crate) fn palette_rows(session: &Session, controls: &[Control]) -> Vec<PaletteRow> {
    let mut rows = Vec::new();
    let actions = ACTIONS.iter().filter(|info| info.action.is_in_palette());
    rows.extend(actions.map(|info| PaletteRow {
        key: info.keys(),
        ..PaletteRow::new("", info.words, info.synonyms, info.action)
    }));
    rows.extend(chosen_views().map(|view| {
        let name = format!("{}, {}", view.info().title, view.info().meaning);
        let synonyms = view.info().old_ids.first().copied();
        let synonyms = synonyms.unwrap_or("show picture");
        PaletteRow::new("View", &name, synonyms, ViewChange::Show { view })
    }));
    rows.extend(catalogue_rows(session));
    rows.extend(method_rows(session));
    rows.extend(choice_rows(session));
    rows.extend(control_rows(session, controls));
    rows
}

/// The controls that have no other row. A number that has a slider and a field is typed into the field.
fn control_rows(session: &Session, controls: &[Control]) -> Vec<PaletteRow> {
    let names = controls.iter().map(|control| control.name.as_str());
    let typed: HashSet<&str> = names.filter_map(|name| name.strip_suffix(TYPED)).collect();
    let has_row = |name: &str| typed.contains(name) || is_listed(name, session);
    controls
        .iter()
        .filter(|control| !has_row(&control.name))
        .cloned()
        .map(|control| {
            let name = control.name.trim_end_matches(TYPED);
            PaletteRow {
                kind: control.verb,
                name: RichText::parse(name).plain(),
                key: String::new(),
                synonyms: synonyms_of(name),
                command: ViewChange::UseControl { control }.into(),
            }
        })
        .collect()
}

/// More words for some controls, by a part of their names.
const SYNONYMS: [(&str, &str); 5] = [
    ("Menu of", "notes note rename colour pin duplicate remove"),
    ("outer step", "learning rate size leader"),
    ("inner step", "learning rate size follower"),
    ("of level 1", "leader formula upper"),
    ("of level 2", "follower formula lower"),
];

fn synonyms_of(control: &str) -> &'static str {
    let mut known = SYNONYMS.iter();
    let found = known.find(|(part, _)| control.contains(part));
    found.map_or("", |(_, synonyms)| synonyms)
}

/// Presets, lessons, claims, benchmarks, formulas of benchmarks, and methods to add.
fn catalogue_rows(session: &Session) -> Vec<PaletteRow> {
    let mut rows = Vec::new();
    rows.extend(presets::summaries().iter().map(|summary| {
        let name = summary.preset.name.to_owned();
        let title = format!("{} ({name})", summary.title);
        PaletteRow::new(
            "Open preset",
            &title,
            "load experiment",
            Edit::Open { name },
        )
    }));
    rows.extend(lesson_headings().iter().map(|heading| {
        let name = heading.name.to_owned();
        PaletteRow::new(
            "Lesson",
            &heading.title,
            "tutorial learn teach course",
            Edit::OpenLesson { name },
        )
    }));
    rows.extend(CLAIMS.iter().enumerate().map(|(place, claim)| {
        PaletteRow::new("Claim", claim.phrase, "paper", Edit::OpenClaim { place })
    }));
    rows.extend(problem::all().map(|entry| {
        PaletteRow::new(
            "Problem",
            entry.name,
            "benchmark",
            Edit::SetProblem { id: entry.id },
        )
    }));
    rows.extend(METHODS.iter().map(|entry| {
        PaletteRow::new(
            "Add method",
            entry.name,
            "algorithm",
            Edit::AddMethod { id: entry.id },
        )
    }));
    let present = session.experiment().problem.entry;
    let typed = problem::all().filter(|entry| problem::has_example(entry));
    rows.extend(typed.map(|entry| {
        let kind = if entry.id == present.id {
            "Edit formulas"
        } else {
            "Edit formulas of"
        };
        PaletteRow::new(
            kind,
            entry.name,
            "type own problem example",
            Edit::StartFrom { id: entry.id },
        )
    }));
    rows
}

/// The commands on each method of the experiment.
fn method_rows(session: &Session) -> Vec<PaletteRow> {
    let methods = &session.experiment().methods;
    let labels = || {
        methods
            .iter()
            .map(|method| method.label.as_str())
            .enumerate()
    };
    let mut rows = Vec::new();
    let kinds = ["Show or hide", "Isolate"];
    for (keys, kind) in METHOD_KEYS.iter().zip(kinds) {
        rows.extend(labels().map(|(slot, label)| {
            let (command, key) = keys.command(slot);
            PaletteRow {
                key,
                ..PaletteRow::new(kind, label, "visible curve eye only", command)
            }
        }));
    }
    rows.extend(labels().map(|(slot, label)| {
        PaletteRow::new(
            "Remove method",
            label,
            "delete",
            Edit::RemoveMethod { slot },
        )
    }));
    rows.extend(labels().map(|(slot, label)| {
        let edit = Edit::DuplicateMethod { slot };
        PaletteRow::new("Duplicate method", label, "copy twice again", edit)
    }));
    rows.extend(labels().map(|(slot, label)| {
        let edit = Edit::ForkMethod {
            slot,
            iteration: session.playhead.iteration(),
            id: None,
        };
        PaletteRow::new("Continue from here", label, "fork branch what if", edit)
    }));
    rows.extend(labels().map(|(slot, label)| {
        let edit = Edit::PinMethod { slot };
        PaletteRow::new("Pin the run of", label, "keep ghost compare freeze", edit)
    }));
    for (to, slot) in (1..methods.len()).enumerate() {
        let (up, down) = (&methods[slot].label, &methods[to].label);
        let edit = Edit::MoveMethod { slot, to };
        rows.push(PaletteRow::new("Move up", up, "method order", edit));
        let edit = Edit::MoveMethod { slot: to, to: slot };
        rows.push(PaletteRow::new("Move down", down, "method order", edit));
    }
    rows.extend(labels().map(|(slot, label)| {
        let edit = Edit::ResetParameters { slot };
        PaletteRow::new("Default parameters of", label, "reset step sizes", edit)
    }));
    rows
}

/// The values of the window's choosers.
fn choice_rows(session: &Session) -> Vec<PaletteRow> {
    let plain = |words: &str| RichText::parse(words).plain();
    let mut rows = Vec::new();
    rows.extend(measures(session, None).into_iter().map(|(measure, name)| {
        let edit = ViewChange::SetMeasure { measure };
        PaletteRow::new(
            "Compare",
            &plain(&name),
            "measure vertical y axis race metric",
            edit,
        )
    }));
    rows.extend(RunCost::ALL.map(|cost| {
        let change = ViewChange::SetCost { cost };
        PaletteRow::new(
            "Compare over",
            &plain(cost.name()),
            "cost horizontal x axis race",
            change,
        )
    }));
    rows.extend(WindowLayout::ALL.map(|layout| {
        let name = format!("{}, {}", layout.word(), layout.meaning());
        PaletteRow::new("Layout", &name, "arrange", ViewChange::SetLayout { layout })
    }));
    rows.extend(SPEEDS.map(|speed| {
        let change = ViewChange::SetSpeed { speed };
        PaletteRow::new(
            "Speed",
            &format!("{speed}×"),
            "playback faster slower",
            change,
        )
    }));
    rows
}

/// True if another row does the same as a control.
fn is_listed(name: &str, session: &Session) -> bool {
    let of_action = ACTIONS.iter().any(|info| {
        let is_word = match info.face {
            ButtonFace::Word(word) => word == name || format!("{word} ({})", info.keys()) == name,
            _ => false,
        };
        is_word
            || info.words.eq_ignore_ascii_case(name)
            || [false, true]
                .iter()
                .any(|is_on| info.action.tooltip(*is_on) == name)
    });
    let mut methods = session.experiment().methods.iter();
    of_action
        || CHOOSERS.contains(&name)
        || presets::summaries().iter().any(|it| it.title == name)
        || methods.any(|method| {
            let label = &method.label;
            name == name_hint(label)
                || name == format!("Hide {label}")
                || name == format!("Show {label}")
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::background::Background;
    use crate::app::command::matching::search;

    /// Obvious words with a part of the text of the row that they should find.
    const WORDS: [(&str, &str); 10] = [
        ("layout", "Layout: "),
        ("present", "Layout: present"),
        ("theme", "Light or dark theme"),
        ("fullscreen", "Full screen"),
        ("log scale", "scales of the race"),
        ("lesson", "Choose a lesson"),
        ("guide", "explanation"),
        ("hyperclean", "Hyper-cleaning"),
        ("copy link", "Copy the experiment"),
        ("seed", "seed"),
    ];

    /// A word, and the word with one letter missing, wrong, or swapped with the next one.
    fn spellings(word: &str) -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let mut spellings = vec![word.to_owned()];
        for place in 0..letters.len() {
            let mut missing = letters.clone();
            missing.remove(place);
            let mut swapped = letters.clone();
            swapped.swap(place, (place + 1).min(letters.len() - 1));
            let mut wrong = letters.clone();
            wrong[place] = if letters[place] == 'x' { 'q' } else { 'x' };
            spellings.extend([missing, swapped, wrong].map(String::from_iter));
        }
        spellings
    }

    #[test]
    fn obvious_words_find_their_command_among_the_first_three_in_any_spelling() {
        let experiment = crate::embedded::open("welcome").expect("the preset is right");
        let session = Session::new(experiment, &Background::of_a_test());
        let rows = palette_rows(&session, &[]);
        let texts: Vec<SearchText> = rows.iter().map(PaletteRow::search_text).collect();
        let mut faults = Vec::new();
        for (word, expected) in WORDS {
            for spelling in spellings(word) {
                let found = search(texts.iter(), &spelling);
                let first: Vec<String> = found
                    .iter()
                    .take(3)
                    .map(|place| rows[*place].text())
                    .collect();
                if !first.iter().any(|text| text.contains(expected)) {
                    faults.push(format!("{spelling} ({word}): {first:?}"));
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
