//! The writer of experiment files, whose output reads back equal.

use bilevel::formula::Model;
use bilevel::problem::{FORMULA, ParameterValue, Settings};
use bilevel::run::Points;
use bilevel::study::{Measure, PlaneOf, RunCost};

use super::lines::{LineWriter, list, quoted};
use super::write_figure::write_figure;
use super::write_formula::write_model;
use super::write_note::write_notes;
use crate::{Experiment, StartSpec, ViewKind, ViewSpec, WindowLayout, views};

impl Experiment {
    /// The text of the file, without default values.
    pub fn write(&self) -> String {
        let mut out = LineWriter::default();
        out.text("title", &self.title);
        for (key, text) in [("about", &self.about), ("source", &self.source)] {
            if !text.is_empty() {
                out.text(key, text);
            }
        }
        out.raw("iterations", &self.iterations.to_string());
        match self.seeds[..] {
            [seed] => out.raw("seed", &seed.to_string()),
            _ => out.raw("seeds", &format!("{:?}", self.seeds)),
        }
        // a start that was added twice is one start of a file
        let mut different: Vec<&StartSpec> = Vec::new();
        for start in &self.starts {
            if !different.contains(&start) {
                different.push(start);
            }
        }
        match &different[..] {
            [] => {}
            [start] => out.raw("start", &start_text(start)),
            starts => {
                let starts: Vec<String> = starts.iter().map(|start| start_text(start)).collect();
                out.raw("starts", &format!("[{}]", starts.join(", ")));
            }
        }
        if self.record_every != 1 {
            out.raw("record_every", &self.record_every.to_string());
        }
        if let Some(points) = self.record_points {
            let word = match points {
                Points::All => "all",
                Points::Some => "some",
                Points::Ends => "ends",
                Points::None => "none",
            };
            out.text("record_points", word);
        }
        if let Some(limit) = self.diverge_at {
            out.number("diverge_at", limit);
        }
        out.heading("[problem]");
        out.text("id", self.problem.entry.id);
        write_settings(&self.problem.settings, &mut out);
        if self.problem.entry.id == FORMULA.id {
            let model = self.problem.settings.model();
            write_model(model.unwrap_or_else(|| Model::starter()), &mut out);
        }
        for method in &self.methods {
            out.heading("[[method]]");
            out.text("id", method.entry.id);
            out.text("label", &method.label);
            if let Some(expect) = method.expect {
                out.text("expect", expect);
            }
            if let Some([red, green, blue]) = method.colour {
                out.text("colour", &format!("#{red:02X}{green:02X}{blue:02X}"));
            }
            if !method.note.is_empty() {
                out.text("note", &method.note);
            }
            if method.is_pinned {
                out.raw("pinned", "true");
            }
            if let Some(from) = &method.from {
                let (run, k) = (quoted(&from.run), from.k);
                out.raw("from", &format!("{{ run = {run}, k = {k} }}"));
            }
            write_settings(&method.settings, &mut out);
        }
        self.write_stop(&mut out);
        let without_notes = ViewSpec {
            notes: Vec::new(),
            ..self.view.clone()
        };
        if without_notes != ViewSpec::default() {
            write_view(&without_notes, &mut out);
        }
        write_notes(&self.view.notes, &mut out);
        out.into_text()
    }

    /// Writes the stopping rules.
    fn write_stop(&self, out: &mut LineWriter) {
        let rules = [
            ("gap", self.stop.gap),
            ("gradient", self.stop.gradient),
            ("time_s", self.stop.time_s),
        ];
        if rules.iter().any(|(_, value)| value.is_some()) {
            out.heading("[stop]");
        }
        for (key, value) in rules {
            if let Some(value) = value {
                out.number(key, value);
            }
        }
    }
}

/// Writes the options of the view.
fn write_view(view: &ViewSpec, out: &mut LineWriter) {
    out.heading("[view]");
    for (key, word) in [
        ("layout", view.layout.map(WindowLayout::word)),
        ("race_x", view.race_x.map(RunCost::word)),
        ("race_y", view.race_y.map(Measure::word)),
        ("kind", view.kind.map(ViewKind::word)),
        ("slice", view.slice.map(PlaneOf::word)),
    ] {
        if let Some(word) = word {
            out.text(key, word);
        }
    }
    for (name, value) in &view.options {
        match views::word_of(name, *value) {
            Some(word) => out.text(name, word),
            None => out.number(name, *value),
        }
    }
    if let Some(side) = view.grid {
        out.raw("grid", &side.to_string());
    }
    match &view.vary[..] {
        [] => {}
        [one] => out.text("vary", &one.to_string()),
        several => {
            let lines: Vec<String> = several.iter().map(|one| quoted(&one.to_string())).collect();
            out.raw("vary", &format!("[{}]", lines.join(", ")));
        }
    }
    if let Some(level) = view.landscape_level {
        out.raw("landscape_level", &level.to_string());
    }
    if let Some([horizontal, vertical]) = &view.plane {
        out.raw(
            "plane",
            &format!("[{}, {}]", quoted(horizontal), quoted(vertical)),
        );
    }
    if let Some([x, y]) = view.range {
        out.raw("range", &format!("[{}, {}]", list(&x), list(&y)));
    }
    write_figure(&view.figure, out);
}

fn start_text(start: &StartSpec) -> String {
    match start {
        StartSpec::Default => quoted("default"),
        StartSpec::Pretrained => quoted("pretrained"),
        StartSpec::At(point) => {
            let blocks: Vec<String> = point.to_blocks().iter().map(|block| list(block)).collect();
            format!("[{}]", blocks.join(", "))
        }
    }
}

fn write_settings(settings: &Settings, out: &mut LineWriter) {
    for (name, value) in settings.iter_set() {
        match value {
            ParameterValue::Number(number) => out.number(name, *number),
            ParameterValue::List(numbers) => out.raw(name, &list(numbers)),
            ParameterValue::Choice(word) => out.text(name, word),
            ParameterValue::Words(words) => {
                let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
                out.raw(name, &format!("[{}]", words.join(", ")));
            }
            ParameterValue::Data(set) => out.text(name, set.name()),
        }
    }
}
