//! The layers of each crate: a file uses its own layer and earlier ones, and no two files use each other.
//!
//! The design is in ARCHITECTURE.md. `mod.rs` is a table of contents: its imports from its own files do not count, and
//! a name that it re-exports counts as a use of the original file.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use rstest::rstest;

use crate::source::{Name, Source};

/// A crate's folder with its layers, in order: a layer uses earlier ones only. Uses between crates are checked by Cargo
/// against their manifests.
struct Crate {
    folder: &'static str,
    layers: &'static [&'static str],
    /// Index from which on the layers are side by side: none of them uses another.
    last: usize,
}

const LIBRARY: Crate = Crate {
    folder: "crates/bilevel",
    layers: &[
        "numerics", "messages", "data", "formula", "problem", "nested", "referee", "method", "run",
        "study",
    ],
    last: 9,
};
const FILES: Crate = Crate {
    folder: "crates/bilevel-files",
    layers: &[
        "messages",
        "views",
        "experiment",
        "presets",
        "output",
        "execute",
        "lesson",
    ],
    last: 6,
};
const FIGURE: Crate = Crate {
    folder: "crates/bilevel-figure",
    layers: &[
        "messages",
        "model",
        "lower",
        "build",
        "page",
        "view",
        "animation",
        "report",
    ],
    last: 7,
};
/// A crate of one layer, whose files must not have circular uses.
const CLAIMS: Crate = Crate {
    folder: "crates/bilevel-claims",
    layers: &[],
    last: 0,
};
const PROGRAM: Crate = Crate {
    folder: "",
    layers: &["embedded", "app", "cli"],
    last: 1,
};
const CRATES: [Crate; 5] = [LIBRARY, FILES, FIGURE, CLAIMS, PROGRAM];
const LONGEST_FILE: usize = 600;
const WINDOW_CRATES: [&str; 4] = ["egui", "eframe", "egui_plot", "rfd"];
/// The layers that use no clock, file, thread or random source of the machine.
const PURE_LAYERS: [&str; 7] = [
    "numerics", "messages", "formula", "problem", "nested", "referee", "method",
];
const IMPURE_PATHS: [&[&str]; 10] = [
    &["std", "time"],
    &["std", "fs"],
    &["std", "thread"],
    &["std", "env"],
    &["std", "net"],
    &["std", "process"],
    &["rand", "rng"],
    &["rand", "thread_rng"],
    &["rand", "random"],
    &["rand", "make_rng"],
];
const IMPURE_TYPES: [&str; 4] = ["Instant", "SystemTime", "ThreadRng", "SysRng"];

#[rstest]
fn each_layer_uses_only_the_layers_before_it() {
    for one in &CRATES {
        expect_none(&layer_faults(one, &files_of(one)));
    }
}

#[rstest]
fn no_two_files_of_a_layer_use_each_other() {
    for one in &CRATES {
        expect_none(&cycle_faults(&files_of(one)));
    }
}

#[rstest]
fn only_the_app_names_the_window_crates() {
    for one in &CRATES {
        expect_none(&window_faults(&files_of(one)));
    }
}

#[rstest]
fn problems_referee_and_methods_read_no_clock_file_thread_or_chance() {
    expect_none(&purity_faults(&files_of(&LIBRARY)));
}

#[rstest]
fn every_file_says_what_it_is_for_and_stays_readable() {
    for one in &CRATES {
        expect_none(&shape_faults(&files_of(one)));
    }
}

#[rstest]
fn every_file_of_tests_is_in_the_list_of_its_binary() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for one in &CRATES {
        let tests = root.join(one.folder).join("tests");
        let Ok(binaries) = fs::read_dir(&tests) else {
            continue; // a crate that others test
        };
        for binary in binaries {
            let folder = binary.expect("an entry of tests").path();
            assert!(
                folder.is_dir(),
                "{} would be a binary of its own",
                folder.display()
            );
            let main = fs::read_to_string(folder.join("main.rs")).expect("main.rs of a binary");
            for file in fs::read_dir(&folder).expect("a folder of tests") {
                let path = file.expect("a file of tests").path();
                let name = path.file_stem().expect("a name").to_string_lossy();
                let is_rust = path.extension().is_some_and(|ending| ending == "rs");
                if is_rust {
                    // a #[test] without indentation is not proptest's, and has no time limit
                    let text = fs::read_to_string(&path).expect("a file of tests");
                    let is_limited = !text.contains("\n#[test]");
                    assert!(is_limited, "{}: write #[rstest]", path.display());
                }
                if is_rust && name != "main" {
                    let line = format!("mod {name};");
                    assert!(main.contains(&line), "{}: {line}", folder.display());
                    count += 1;
                }
            }
        }
    }
    assert!(
        count > 30,
        "only {count} files of tests; is this the right folder?"
    );
}

/// Lists uses of a later layer, and files in no layer.
fn layer_faults(one: &Crate, sources: &[Source]) -> Vec<String> {
    let imports = Imports::new(sources);
    let mut faults = Vec::new();
    for source in sources {
        let Some(own) = source.module.first() else {
            continue; // lib.rs is the map of the crate, main.rs chooses between window and command line
        };
        // a prelude is a second map of the crate, and its re-exports do not count
        if one.layers.is_empty() || own == "prelude" {
            continue;
        }
        let Some(own_rank) = one.rank(own) else {
            faults.push(format!("{} is in no layer.", source.file));
            continue;
        };
        for name in source.names.iter().filter(|name| name.is_ours) {
            let path = imports.origin(&name.path);
            let Some(used) = path.first().filter(|used| *used != own) else {
                continue;
            };
            let is_later = one
                .rank(used)
                .is_some_and(|used_rank| used_rank >= own_rank);
            if is_later {
                let place = place(source, name);
                faults.push(format!(
                    "{place}: {own} may not use {used}, which comes after it or beside it."
                ));
            } else if own == "method" && used == "referee" {
                let place = place(source, name);
                faults.push(format!("{place}: a method may not ask the referee."));
            }
        }
    }
    faults.dedup(); // one import may name several things
    faults
}

impl Crate {
    fn rank(&self, layer: &str) -> Option<usize> {
        let position = self.layers.iter().position(|name| *name == layer)?;
        Some(position.min(self.last))
    }
}

/// Lists circular uses among files, or folders of files, of one layer.
fn cycle_faults(sources: &[Source]) -> Vec<String> {
    let imports = Imports::new(sources);
    let mut parents: BTreeMap<&[String], Uses> = BTreeMap::new();
    for source in sources {
        for depth in 0..source.module.len() {
            let (parent, own) = (&source.module[..depth], &source.module[depth]);
            for name in source.names.iter().filter(|name| name.is_ours) {
                let path = imports.origin(&name.path);
                let is_sibling =
                    path.len() > depth && path[..depth] == *parent && path[depth] != *own;
                if is_sibling && imports.is_module(&path[..=depth]) {
                    let uses = parents.entry(parent).or_default();
                    let edge = (own.clone(), path[depth].clone());
                    uses.entry(edge).or_insert_with(|| place(source, name));
                }
            }
        }
    }
    parents
        .iter()
        .flat_map(|(parent, uses)| circles(parent, uses))
        .collect()
}

/// The uses among the files of one folder, each pair with its source position.
type Uses = BTreeMap<(String, String), String>;

/// A sentence for the shortest circle through each use.
fn circles(parent: &[String], uses: &Uses) -> Vec<String> {
    let mut circles = BTreeMap::new();
    for (user, used) in uses.keys() {
        let Some(mut circle) = way(used, user, uses) else {
            continue;
        };
        let members: BTreeSet<_> = circle.iter().cloned().collect();
        circle.push(used.clone());
        let steps: Vec<_> = circle
            .windows(2)
            .map(|pair| {
                let place = &uses[&(pair[0].clone(), pair[1].clone())];
                format!("{} uses {} ({place})", pair[0], pair[1])
            })
            .collect();
        let fault = format!(
            "src/{} has a circle: {}.",
            parent.join("/"),
            steps.join(", ")
        );
        circles.entry(members).or_insert(fault);
    }
    circles.into_values().collect()
}

/// The shortest chain of uses between two files, both included.
fn way(from: &String, to: &String, uses: &Uses) -> Option<Vec<String>> {
    let mut ways = VecDeque::from([vec![from.clone()]]);
    let mut seen = BTreeSet::from([from]);
    while let Some(way) = ways.pop_front() {
        let last = &way[way.len() - 1];
        if last == to {
            return Some(way);
        }
        for (user, used) in uses.keys() {
            if user == last && seen.insert(used) {
                ways.push_back([way.as_slice(), std::slice::from_ref(used)].concat());
            }
        }
    }
    None
}

fn window_faults(sources: &[Source]) -> Vec<String> {
    let outside = sources
        .iter()
        .filter(|source| source.module.first().is_none_or(|layer| layer != "app"));
    faults_where(outside, |name| {
        let first = name.path.first().filter(|_| !name.is_ours)?;
        let is_window = WINDOW_CRATES.contains(&first.as_str());
        is_window.then(|| format!("{first} is for src/app only."))
    })
}

fn purity_faults(sources: &[Source]) -> Vec<String> {
    let pure = sources.iter().filter(|source| {
        let layer = source.module.first();
        layer.is_some_and(|layer| PURE_LAYERS.contains(&layer.as_str()))
    });
    faults_where(pure, |name| {
        let path: Vec<_> = name.path.iter().map(String::as_str).collect();
        let is_impure = !name.is_ours
            && (IMPURE_PATHS.iter().any(|impure| path.starts_with(impure))
                || path.iter().any(|segment| IMPURE_TYPES.contains(segment)));
        is_impure.then(|| format!("{} is out of bounds in this layer.", path.join("::")))
    })
}

fn faults_where<'a>(
    sources: impl Iterator<Item = &'a Source>,
    fault: impl Fn(&Name) -> Option<String>,
) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        for name in &source.names {
            faults.extend(fault(name).map(|fault| format!("{}: {fault}", place(source, name))));
        }
    }
    faults
}

fn shape_faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for Source { file, text, .. } in sources {
        if !text.starts_with("//!") {
            faults.push(format!(
                "{file} does not open with a line of //! that says what it is for."
            ));
        }
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            faults.push(format!(
                "{file} has {lines} lines; {LONGEST_FILE} are the most."
            ));
        }
    }
    faults
}

fn place(source: &Source, name: &Name) -> String {
    format!("{}:{}", source.file, name.line)
}

/// The modules of the crate and their re-exported names.
struct Imports {
    modules: BTreeSet<Vec<String>>,
    origins: BTreeMap<Vec<String>, Vec<String>>,
}

impl Imports {
    fn new(sources: &[Source]) -> Self {
        let modules: BTreeSet<_> = sources.iter().map(|source| source.module.clone()).collect();
        let mut origins = BTreeMap::new();
        for source in sources {
            for name in &source.names {
                let Some(import) = &name.import else { continue };
                let absolute = if name.is_ours {
                    name.path.clone()
                } else {
                    [source.module.as_slice(), &name.path].concat()
                };
                let known_as = [source.module.as_slice(), std::slice::from_ref(import)].concat();
                let is_ours =
                    (1..=absolute.len()).any(|depth| modules.contains(&absolute[..depth]));
                if is_ours && absolute != known_as && !modules.contains(&known_as) {
                    origins.insert(known_as, absolute);
                }
            }
        }
        Self { modules, origins }
    }

    fn is_module(&self, path: &[String]) -> bool {
        self.modules.contains(path)
    }

    /// The original path of a name that modules re-export.
    fn origin(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        for _ in 0..4 {
            let passed_on =
                (1..=path.len()).find_map(|depth| Some((depth, self.origins.get(&path[..depth])?)));
            let Some((depth, origin)) = passed_on else {
                break;
            };
            path = [origin, &path[depth..]].concat();
        }
        path
    }
}

fn files_of(one: &Crate) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join(one.folder).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of src") {
            let path = entry.expect("an entry of src").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(
        files.len() > 10,
        "src has only {} files; is this the right folder?",
        files.len()
    );
    let read = |path: &Path| {
        let name = path.strip_prefix(root).expect("a file under the root");
        let text = fs::read_to_string(path).expect("a text file");
        Source::new(&name.to_string_lossy().replace('\\', "/"), &text)
    };
    files.iter().map(|path| read(path)).collect()
}

#[track_caller]
fn expect_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Tests of the checks, on files that do not exist.
mod the_checker {
    use super::*;

    fn files<const N: usize>(files: [(&str, &str); N]) -> Vec<Source> {
        files
            .into_iter()
            .map(|(file, text)| Source::new(file, text))
            .collect()
    }

    #[rstest]
    fn reports_a_use_of_a_later_layer_with_file_and_line() {
        for text in [
            "//! x\n\nuse crate::run::Run;",
            "//! x\n\nuse crate::{problem::Point, run::{Run, Trace}};",
            "//! x\n\nuse super::super::run::Run;",
            "//! x\nfn f() {\n    crate::run::go();\n}",
            "//! x\nfn f() {\n    println!(\"{}\", crate::run::go());\n}",
            "//! x\nmod inner {\n    use super::super::super::run::Run as Sprint;\n}",
            "//! x\n\npub use crate::run::*;",
        ] {
            let faults = layer_faults(&LIBRARY, &files([("src/problem/fake.rs", text)]));
            assert_eq!(
                faults,
                [
                    "src/problem/fake.rs:3: problem may not use run, which comes after it or beside it."
                ],
                "{text}"
            );
        }
    }

    #[rstest]
    fn reports_a_wrong_use_in_every_crate() {
        for (one, file, text) in [
            (
                &FILES,
                "crates/bilevel-files/src/experiment/fake.rs",
                "use crate::output::FileSet;",
            ),
            (
                &FIGURE,
                "crates/bilevel-figure/src/model/fake.rs",
                "use crate::page::png::png;",
            ),
            (&PROGRAM, "src/cli/fake.rs", "use crate::app::App;"),
        ] {
            assert_eq!(layer_faults(one, &files([(file, text)])).len(), 1, "{file}");
        }
        let claims = cycle_faults(&files([
            ("crates/bilevel-claims/src/a.rs", "use super::b::B;"),
            ("crates/bilevel-claims/src/b.rs", "use super::a::A;"),
        ]));
        assert_eq!(claims.len(), 1);
    }

    #[rstest]
    fn lets_a_layer_use_itself_and_the_layers_before_it() {
        let text = "//! x\nuse crate::problem::Point;\nuse super::spec::RunSpec;\nuse std::fs;";
        assert!(layer_faults(&LIBRARY, &files([("src/run/fake.rs", text)])).is_empty());
    }

    #[rstest]
    fn does_not_look_into_comments_strings_and_tests() {
        let text = "//! [`crate::run`]\n// crate::run::X\n/* crate::run::X */\n\
            const A: &str = \"crate::run::X\";\nconst B: &str = r#\"crate::run::X\"#;\n\
            #[cfg(test)]\nuse crate::run::X;\n#[cfg(test)]\nmod tests {\n    use crate::run::X;\n}";
        assert!(layer_faults(&LIBRARY, &files([("src/problem/fake.rs", text)])).is_empty());
    }

    #[rstest]
    fn goes_on_looking_after_a_test_module() {
        let text = "#[cfg(test)]\nmod tests {}\nuse crate::run::X;";
        assert_eq!(
            layer_faults(&LIBRARY, &files([("src/problem/fake.rs", text)])).len(),
            1
        );
    }

    #[rstest]
    fn keeps_window_and_command_line_apart_but_not_from_main() {
        let faults = layer_faults(
            &PROGRAM,
            &files([
                ("src/app/fake.rs", "use crate::cli::Arguments;"),
                ("src/cli/fake.rs", "use crate::app::Theme;"),
                ("src/main.rs", "use bilevel_lab::{app, cli};"),
            ]),
        );
        assert_eq!(faults.len(), 2, "{faults:?}");
    }

    #[rstest]
    fn keeps_methods_from_the_referee() {
        let faults = layer_faults(
            &LIBRARY,
            &files([("src/method/fake.rs", "use crate::referee::reaction;")]),
        );
        assert_eq!(
            faults,
            ["src/method/fake.rs:1: a method may not ask the referee."]
        );
    }

    #[rstest]
    fn finds_a_layer_behind_a_name_that_the_root_passes_on() {
        let faults = layer_faults(
            &LIBRARY,
            &files([
                ("src/lib.rs", "pub use run::Trace;"),
                ("src/run/mod.rs", ""),
                ("src/problem/fake.rs", "use crate::Trace;"),
            ]),
        );
        assert_eq!(faults.len(), 1, "{faults:?}");
    }

    #[rstest]
    fn reports_a_file_in_no_layer() {
        assert_eq!(
            layer_faults(&LIBRARY, &files([("src/utils.rs", "")])),
            ["src/utils.rs is in no layer."]
        );
    }

    #[rstest]
    fn reports_files_that_use_each_other() {
        let faults = cycle_faults(&files([
            ("src/run/mod.rs", "mod a; mod b; mod c; pub use b::B;"),
            ("src/run/a.rs", "//! x\nuse super::B;"),
            ("src/run/b.rs", "use super::{c::C, Trait};"),
            ("src/run/c.rs", "fn f() -> crate::run::a::A {}"),
        ]));
        assert_eq!(
            faults,
            [
                "src/run has a circle: b uses c (src/run/b.rs:1), c uses a (src/run/c.rs:1), a uses b (src/run/a.rs:2)."
            ]
        );
    }

    #[rstest]
    fn reports_folders_that_use_each_other() {
        let faults = cycle_faults(&files([
            ("src/app/theme.rs", "use super::panel::cards::Card;"),
            ("src/app/panel/mod.rs", "mod cards;"),
            ("src/app/panel/cards.rs", "use crate::app::theme::Theme;"),
        ]));
        assert_eq!(faults.len(), 1, "{faults:?}");
    }

    #[rstest]
    fn lets_files_use_each_other_one_way() {
        let faults = cycle_faults(&files([
            (
                "src/run/mod.rs",
                "mod a; mod b; pub use a::A; pub use b::B;",
            ),
            ("src/run/a.rs", "use super::Trait;"),
            ("src/run/b.rs", "use super::{A, Trait, a};"),
        ]));
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[rstest]
    fn reports_window_crates_outside_of_the_app() {
        let faults = window_faults(&files([
            ("src/figure/fake.rs", "use {std::fs, egui::{Pos2, Rect}};"),
            ("src/cli/fake.rs", "fn f() { rfd::FileDialog::new(); }"),
            ("src/app/fake.rs", "use egui::Ui;"),
        ]));
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(faults[2], "src/cli/fake.rs:1: rfd is for src/app only.");
    }

    #[rstest]
    fn reports_clocks_files_threads_and_chance_in_the_pure_layers() {
        for text in [
            "use std::time::Duration;",
            "use std::{fmt, fs};",
            "use std as s; fn f() { std::thread::yield_now(); }",
            "fn f() { let r = rand::rng(); }",
            "use other::Instant;",
        ] {
            assert_eq!(
                purity_faults(&files([("src/referee/fake.rs", text)])).len(),
                1,
                "{text}"
            );
            assert!(
                purity_faults(&files([("src/run/fake.rs", text)])).is_empty(),
                "{text}"
            );
        }
    }

    #[rstest]
    fn reports_files_without_a_purpose_and_monsters() {
        let monster = format!("//! x\n{}", "\n".repeat(600));
        let faults = shape_faults(&files([
            ("src/run/silent.rs", "use std::fmt;"),
            ("src/run/monster.rs", &monster),
            ("src/run/good.rs", "//! x\n"),
        ]));
        assert_eq!(faults.len(), 2, "{faults:?}");
    }
}
