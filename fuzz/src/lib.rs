//! Properties of arbitrary input bytes; each target panics if its property fails.

mod data;
mod results;

use std::path::PathBuf;

pub use data::{images, sparse, table};
pub use results::results;

use bilevel_files::{Experiment, ProblemSpec};
use bilevel::formula::{Constant, Draft, LevelDraft, Model, maths, parse, print};
use bilevel::numerics::{Levels, Point, WorkToken};

/// A formula, with a definition after the first line break, is accepted or refused; an accepted one prints to text that
/// reads back equal, and is evaluated and differentiated without a panic.
pub fn formula(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (objective, definition) = text.split_once('\n').unwrap_or((text, "x + y"));
    if let Ok(read) = parse(objective) {
        let printed = print(&read);
        let again = parse(&printed).unwrap_or_else(|trouble| panic!("{printed}: {trouble}"));
        assert_eq!(read, again, "{printed}");
        drop(maths(&read));
    }
    let level = |variables: &[&str], objective: &str| LevelDraft {
        variables: variables.iter().map(|name| (*name).to_owned()).collect(),
        objective: objective.to_owned(),
        ..LevelDraft::default()
    };
    let constant = |value, range| Constant { value, range };
    let draft = Draft {
        levels: vec![level(&["x", "w[3]"], objective), level(&["y"], "(y - s)^2")],
        constants: vec![
            ("a".to_owned(), constant(2.5, Some([0.0, 10.0]))),
            ("n".to_owned(), constant(3.0, None)),
        ],
        definitions: vec![("s".to_owned(), definition.to_owned())],
        ..Draft::default()
    };
    let model = match Model::parse(draft) {
        Ok(model) => model,
        Err(troubles) => {
            assert!(!troubles.is_empty());
            for trouble in troubles {
                assert!(!trouble.to_string().is_empty());
            }
            return;
        }
    };
    let problem = ProblemSpec::typed(model).build();
    let token = WorkToken::default();
    let at = &problem.metadata().start;
    let mut gradient = Point::zeros(at.shape());
    for level in 1..=2 {
        let _value: f64 = problem.value(level, at, &token);
        problem.grad(level, at, Levels::ALL, &mut gradient, &token);
        let mut product = [0.0; 4];
        problem.product(level, at, [1, 2], &[1.0], &mut product, &token);
    }
}

/// An experiment is accepted or refused with a position; an accepted one is written to text that reads back equal.
pub fn experiment(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    // other files that an experiment names are not the reader's responsibility
    if ["data", "table", "/", "\\"].iter().any(|word| text.contains(word)) && !text.contains("formula") {
        return;
    }
    match Experiment::read("fuzz.toml", text) {
        Ok(experiment) => {
            let written = experiment.write();
            let again = Experiment::read("again.toml", &written)
                .unwrap_or_else(|error| panic!("{error}\n{written}"));
            assert_eq!(again, experiment, "{written}");
        }
        Err(error) => {
            assert!(error.line <= text.split('\n').count(), "{error}");
            assert!(!error.message.is_empty());
        }
    }
}

/// A temporary folder of this process, emptied; in memory where the system has such a place.
fn empty_folder(name: &str) -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let room = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let folder = room.join(format!("bilevel-lab-fuzz-{name}-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

/// The parts of an input between lines of `===`.
fn parts(data: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = data;
    while let Some(place) = rest.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) {
        parts.push(&rest[..place]);
        rest = &rest[place + SEPARATOR.len()..];
    }
    parts.push(rest);
    parts
}

const SEPARATOR: &[u8] = b"\n===\n";
