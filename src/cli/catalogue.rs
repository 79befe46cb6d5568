//! `list catalogue`: all problems and methods as a Markdown document, `docs/catalogue.md`.

use std::fmt::Write as _;

use bilevel::method::{METHODS, MethodInfo};
use bilevel::problem::{self, Class, ProblemInfo, Settings};
use bilevel_figure::{home_name, home_of};

use super::console::plain;

/// Returns the document.
pub(super) fn catalogue() -> String {
    let mut out = String::from(
        "# Catalogue\n\nMade by `bilevel-lab list catalogue > docs/catalogue.md`; \
         `list problems --json` and `list methods --json` have parameters and references too.\n\n## Problems\n",
    );
    for class in Class::ALL {
        let entries: Vec<&ProblemInfo> = problem::all()
            .filter(|entry| entry.class == class)
            .collect();
        if entries.is_empty() {
            continue;
        }
        let head = "| problem | variables of each level | description | source |";
        line(
            &mut out,
            &format!("\n### {}\n\n{head}\n|---|---|---|---|", class.heading()),
        );
        for entry in entries {
            line(&mut out, &problem_row(entry));
        }
    }
    let head = "| method | idea | calls per outer step | colour | source |\n|---|---|---|---|---|";
    line(&mut out, &format!("\n## Methods\n\n{head}"));
    for entry in METHODS {
        line(&mut out, &method_row(entry));
    }
    line(
        &mut out,
        "\nIn counts of calls, T is the number of inner steps, K that of linear steps, m that of the leader's variables and p that of the \
         follower's.\n\nA method has its colour in every picture. Methods that rarely meet share one; in an experiment the second method of a \
         colour takes another lightness, dash and marker.",
    );
    out
}

fn line(out: &mut String, text: &str) {
    // writing to a string cannot fail
    let _written = writeln!(out, "{text}");
}

fn problem_row(entry: &ProblemInfo) -> String {
    let instance = (entry.build)(&Settings::new(entry.parameters));
    let shape = instance.metadata().shape();
    let sizes: Vec<String> = (1..=shape.levels())
        .map(|level| shape.size(level).to_string())
        .collect();
    let words = format!("{}: {}", entry.name, plain(entry.summary));
    row(entry.id, &[&sizes.join(" + "), &words, entry.source])
}

fn method_row(entry: &MethodInfo) -> String {
    let calls = entry.cost.iter().map(|cost| {
        let call = if cost.call.starts_with('∇') {
            plain(&format!("${}$", cost.call))
        } else {
            plain(cost.call)
        };
        format!("{} {call}", plain(&format!("${}$", cost.count)))
    });
    let calls: Vec<String> = calls.collect();
    let words = format!("{}: {}", entry.name, plain(entry.summary));
    let colour = home_of(entry.id).map_or("", home_name);
    row(entry.id, &[&words, &calls.join(", "), colour, entry.source])
}

fn row(id: &str, cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| `{id}` | {} |", cells.join(" | "))
}
