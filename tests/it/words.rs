//! Names and prose: one name for one thing, the field's words in names and texts, and doc comments that name the thing
//! first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use rstest::rstest;

/// Names that the code used for something else than the field does. None may be declared again.
const REFUSED: [(&str, &[&str]); 3] = [
    (
        "type",
        &[
            "Ground",
            "Rooms",
            "Seat",
            "GroundDesk",
            "SlicesDesk",
            "Desk",
            "Refining",
            "Walk",
            "Standing",
            "Finished",
            "End",
            "Ended",
            "Ends",
            "Goals",
            "Target",
            "Known",
            "Entry",
            "Running",
            "State",
            "Trouble",
            "Wrong",
            "Fault",
            "Note",
            "Terms",
            "Needs",
            "Facts",
            "Default",
            "Kind",
            "Choice",
            "Call",
            "Leap",
            "Stretch",
            "Found",
            "Cut",
            "Piece",
            "Plate",
            "Ask",
            "Entrant",
            "Place",
            "Seen",
            "Stream",
            "Sheet",
            "Looks",
            "KeyEntry",
            "Manner",
            "Tie",
            "Exhibit",
            "Badge",
            "Morph",
            "Bead",
            "Vary",
        ],
    ),
    (
        "fn",
        &[
            "walks",
            "walked",
            "standings",
            "prepare",
            "fork",
            "informed",
            "revise",
            "carry_out",
            "perform",
            "worded",
            "told",
            "listed",
            "shown_in",
            "facts",
            "exhibits",
            "beads",
            "badges",
            "centre",
        ],
    ),
    (
        "mod",
        &[
            "truth", "morph", "bead", "sketch", "ink", "threads", "foot", "memory", "maths",
            "sampling", "pointing", "paper", "papers", "seen", "centre", "grip", "pointed",
            "exhibit", "badges", "rooms", "seat", "goals", "informed", "trouble", "vary",
        ],
    ),
];

/// Fragments of texts that read like proverbs, or hide the noun. None may be shown again.
const OLD_WORDINGS: [&str; 75] = [
    "honest progress",
    "what it descends is not $φ$",
    "slopes by ${",
    "still moving",
    "could not go on",
    "cannot settle",
    "at rest, but at",
    "nobody can tell",
    "foresees level",
    "the last to answer",
    "is from its best",
    "is not at its best",
    "are not at their best",
    "on its way",
    "on their way",
    "turns back and forth",
    "nothing is judged by",
    "left all bounds",
    "has to be mended",
    "there is no `{opening}` to this",
    "go in a circle",
    "can refute and not prove",
    "It ended where",
    "what can be typed",
    "Not there yet",
    "Of what.",
    "Say what problems",
    "Say whether",
    "deeper: costl",
    "The last right problem",
    "answers anew",
    "the referee found",
    "found by the referee",
    "Same tuning effort",
    "Try them",
    "hasty",
    "rolls down",
    "What it had cost",
    "wrong indeed",
    "price of disturbing",
    "draws of noise",
    "seed of split",
    "of these for validation",
    "Whatever it was typed for",
    "typed formulas beforehand",
    "for two levels, does not",
    "what lies on top",
    "One iteration on",
    "finished once f",
    "stood still",
    "have its way",
    "in place of what is typed",
    "what came through",
    "came through it",
    "looked at from all",
    "nothing to invert",
    "no curvature to invert",
    "gives them away",
    "pull on each other",
    "seed of labels",
    "Whether somebody",
    "nobody but the metrics",
    "factoris",
    "favourite",
    "minimis",
    "neighbour",
    "regularis",
    "standardis",
    "spurious end",
    "at rest where",
    "still slopes",
    "costlier",
    "dearer",
    "true answer",
    "most suspicious",
];

/// Further fragments that no document and no preset has; in the program some are names or words of files.
const OLD_IN_DOCUMENTS: [&str; 9] = [
    "honesty",
    "the referee",
    "A referee",
    "Exact descent parts",
    "foresees",
    "leader's box",
    "unfinished answers",
    "Full screen, or not",
    "BOME rests",
];
/// Fragments that name what they stand for: the old word of a view, in the table of words that files may have.
const EXPLAINED: [(&str, &str); 2] = [
    ("docs/file-format.md", "honesty"),
    ("README.md", "the referee"),
];

/// A declaration: its kind (`type`, `fn` or `mod`), name and file.
struct Declaration {
    kind: &'static str,
    name: String,
    file: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files under the folders, with their texts.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                into.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut paths);
    }
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a text");
        let name = path.strip_prefix(root()).expect("beneath the root");
        (name.display().to_string(), text)
    };
    paths.into_iter().map(read).collect()
}

/// The string literals among the tokens, documentation included, each on one line.
fn literals(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.starts_with('"') {
                    let lines: Vec<_> = text.split("\\\n").map(str::trim_start).collect();
                    found.push(lines.concat());
                }
            }
            _ => {}
        }
    }
}

/// The old wordings in a source.
fn old_wordings(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    literals(text.parse().expect("Rust tokens"), &mut found);
    let is_there = |old: &&str| found.iter().any(|literal| literal.contains(*old));
    OLD_WORDINGS.into_iter().filter(is_there).collect()
}

const PROGRAM: [&str; 5] = [
    "src",
    "crates/bilevel/src",
    "crates/bilevel-files/src",
    "crates/bilevel-figure/src",
    "crates/bilevel-claims/src",
];

/// The declarations of a file. Associated types are left out: traits give them their names.
fn declarations(file: &str, text: &str) -> Vec<Declaration> {
    let tokens: TokenStream = text.parse().expect("Rust tokens");
    let mut found = Vec::new();
    scan(tokens, file, false, &mut found);
    found
}

fn scan(tokens: TokenStream, file: &str, is_in_impl: bool, found: &mut Vec<Declaration>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut begins_impl = false;
    for (place, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let is_body = group.delimiter() == Delimiter::Brace;
                scan(
                    group.stream(),
                    file,
                    is_in_impl || is_body && begins_impl,
                    found,
                );
                begins_impl &= !is_body;
            }
            TokenTree::Ident(word) => {
                let kind = match word.to_string().as_str() {
                    "struct" | "enum" | "trait" | "union" => "type",
                    "type" if !is_in_impl => "type",
                    "fn" => "fn",
                    "mod" => "mod",
                    "impl" => {
                        begins_impl = true;
                        continue;
                    }
                    _ => continue,
                };
                if word == "trait" {
                    begins_impl = true;
                }
                if let Some(TokenTree::Ident(name)) = tokens.get(place + 1) {
                    found.push(Declaration {
                        kind,
                        name: name.to_string(),
                        file: file.to_owned(),
                    });
                }
            }
            _ => {}
        }
    }
}

fn all_declarations() -> Vec<Declaration> {
    let sources = sources(&PROGRAM);
    let of = |(file, text): &(String, String)| declarations(file, text);
    sources.iter().flat_map(of).collect()
}

#[rstest]
fn no_name_is_declared_in_its_old_sense() {
    let declared = all_declarations();
    let mut refused = Vec::new();
    for (kind, names) in REFUSED {
        for one in declared.iter().filter(|one| one.kind == kind) {
            if names.contains(&one.name.as_str()) {
                refused.push(format!("{kind} {} in {}", one.name, one.file));
            }
        }
    }
    assert!(refused.is_empty(), "\n{}\n", refused.join("\n"));
}

#[rstest]
fn old_wordings_are_gone() {
    let mut back = Vec::new();
    for (file, text) in sources(&PROGRAM) {
        for old in old_wordings(&text) {
            back.push(format!("`{old}` in {file}"));
        }
    }
    assert!(back.is_empty(), "\n{}\n", back.join("\n"));
}

/// The documents and presets, with their texts.
fn documents() -> Vec<(String, String)> {
    let mut paths = vec![root().join("README.md")];
    for folder in ["docs", "presets"] {
        let entries = std::fs::read_dir(root().join(folder)).expect("a folder");
        paths.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    let is_text = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("md" | "toml"))
    };
    paths.retain(is_text);
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a text");
        let name = path.strip_prefix(root()).expect("beneath the root");
        (name.display().to_string(), text)
    };
    paths.into_iter().map(read).collect()
}

#[rstest]
fn old_wordings_are_in_no_document_and_no_preset() {
    let mut back = Vec::new();
    let documents = documents();
    assert!(documents.len() > 45);
    for (file, text) in documents {
        for old in OLD_WORDINGS.iter().chain(&OLD_IN_DOCUMENTS) {
            let is_explained = EXPLAINED.contains(&(file.as_str(), *old));
            if text.contains(*old) && !is_explained {
                back.push(format!("`{old}` in {file}"));
            }
        }
    }
    assert!(back.is_empty(), "\n{}\n", back.join("\n"));
}

#[rstest]
fn at_most_one_type_in_twenty_shares_its_name() {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in all_declarations() {
        if one.kind == "type" {
            files.entry(one.name).or_default().push(one.file);
        }
    }
    let total: usize = files.values().map(Vec::len).sum();
    let shared: Vec<_> = files.iter().filter(|(_, files)| files.len() > 1).collect();
    let count: usize = shared.iter().map(|(_, files)| files.len()).sum();
    assert!(total > 400, "only {total} types are found");
    assert!(20 * count <= total, "{count} of {total}: {shared:?}");
}

#[rstest]
fn doc_comments_name_the_thing_first() {
    let mut folders = PROGRAM.to_vec();
    folders.extend([
        "tests",
        "benches",
        "crates/bilevel/tests",
        "crates/bilevel-files/tests",
    ]);
    let (mut total, mut hidden) = (0, Vec::new());
    for (file, text) in sources(&folders) {
        let mut is_inside = false;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_start();
            let comment = line
                .strip_prefix("///")
                .or_else(|| line.strip_prefix("//!"));
            if let Some(words) = comment.filter(|_| !is_inside) {
                total += 1;
                let first = words.split_whitespace().next().unwrap_or_default();
                if ["What", "Where", "Whether", "How"].contains(&first) {
                    hidden.push(format!("{file}:{}: {words}", number + 1));
                }
            }
            is_inside = comment.is_some();
        }
    }
    assert!(total > 3000, "only {total} doc comments are found");
    // 3 % of them
    assert!(100 * hidden.len() <= 3 * total, "\n{}\n", hidden.join("\n"));
}

mod the_checker {
    use super::*;

    #[rstest]
    fn finds_old_wordings_in_literals_that_span_lines_and_not_in_code() {
        let text = "fn f() { let hasty = 1; g(\"it left \\\n    all bounds\"); }";
        assert_eq!(old_wordings(text), ["left all bounds"]);
    }

    #[rstest]
    fn finds_types_functions_and_modules_but_no_associated_types() {
        let text = "mod seat; struct Walk; trait T { type Kind; fn fork(&self); }
                    impl T for Walk { type Kind = u8; fn fork(&self) {} } type Cut = u8;";
        let found = declarations("x.rs", text);
        let names: Vec<_> = found
            .iter()
            .map(|one| (one.kind, one.name.as_str()))
            .collect();
        let expected = [
            ("mod", "seat"),
            ("type", "Walk"),
            ("type", "T"),
            ("fn", "fork"),
            ("fn", "fork"),
            ("type", "Cut"),
        ];
        assert_eq!(names, expected);
    }
}
