//! The same tuning effort for all methods, in the window and from the command line.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bilevel_files::Experiment;
use bilevel_lab::app::App;
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support;
use crate::support::driving::{app, assert_dialog, press, settle, window, window_on};

const SIZE: [f32; 2] = [1280.0, 720.0];

/// Two methods whose best step sizes are longer than their present ones, and one that does not suit the problem.
fn experiment() -> Experiment {
    let text = "title = \"Tuning\"\niterations = 20\n[problem]\nid = \"quadratic\"\n\
                [[method]]\nid = \"itd\"\nouter_step_size = 0.01\n\
                [[method]]\nid = \"implicit\"\nouter_step_size = 0.01\n\
                [[method]]\nid = \"gda\"\nouter_step_size = 0.01\n";
    Experiment::read("tuning", text).expect("the experiment is right")
}

fn click(harness: &mut Harness<'_, App>, label: &str) {
    harness.get_by_label(label).click();
    for _ in 0..3 {
        harness.step();
    }
}

fn step_size(harness: &Harness<'_, App>, method: usize) -> f64 {
    let settings = &harness.state().experiment().methods[method].settings;
    settings.number("outer_step_size")
}

#[rstest]
fn the_dialog_looks_as_it_should_in_both_themes() {
    for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let mut harness = window("minimax-paper", SIZE, theme);
        press(&mut harness, Key::U);
        click(&mut harness, "Run");
        settle(&mut harness);
        assert_dialog(&mut harness, "tuning", &format!("tuning-{word}"));
    }
}

#[rstest]
fn the_best_step_sizes_are_found_taken_over_and_taken_back() {
    let mut harness = window_on("tuning", experiment(), SIZE, Theme::Light);
    click(&mut harness, "Tune…");
    assert!(harness.query_by_label("Use the best step sizes").is_none());
    click(&mut harness, "Run");
    settle(&mut harness);
    let strips = harness.get_all_by_label_contains("9 trials, the best");
    assert_eq!(strips.count(), 3);
    click(&mut harness, "Use the best step sizes");
    settle(&mut harness);
    assert!(harness.query_by_label("Run").is_none(), "it has closed");
    for method in [0, 1] {
        assert!(step_size(&harness, method) > 0.01, "method {method}");
    }
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.step();
    harness.step();
    for method in 0..3 {
        assert_eq!(step_size(&harness, method), 0.01, "one undo takes all back");
    }
}

#[rstest]
fn trials_stop_when_the_dialog_is_closed() {
    let mut long = experiment();
    long.iterations = 50_000_000;
    let mut harness = window_on("tuning", experiment(), SIZE, Theme::Dark);
    press(&mut harness, Key::U);
    harness.get_by_label("Close").click();
    harness.step();
    harness.step();
    assert!(harness.query_by_label("Run").is_none());
    drop(harness);
    let mut harness = support::harness(SIZE, Theme::Dark)
        .build_eframe(move |creation| app(&creation.egui_ctx, "long", long));
    harness.step();
    let executor = harness.state().executor().clone();
    press(&mut harness, Key::U);
    click(&mut harness, "Run");
    assert!(harness.query_by_label("Stop").is_some());
    executor.advance(Instant::now() + Duration::from_millis(100));
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Stop").is_none());
    // runs of fifty million iterations would not end, but they were cancelled
    drop(harness);
    while executor.step() {}
}

fn tune(folder: &Path, file: &str, more: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_bilevel-lab"))
        .args(["tune", file, "--out"])
        .arg(folder)
        .args(more)
        .output()
        .expect("the program can be started")
}

#[rstest]
fn the_command_line_writes_the_tuned_experiment_and_every_trial() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("tuning.toml");
    std::fs::write(&file, experiment().write()).expect("the file can be written");
    let out = folder.path().join("out");
    let file = file.to_string_lossy();
    let output = tune(&out, &file, &["--trials", "25", "--tables", "md"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = std::fs::read_to_string(out.join("tuned.toml")).expect("tuned.toml");
    let tuned = Experiment::read("tuned.toml", &text).expect("it reads back");
    let mut reader = csv::Reader::from_path(out.join("tuning.csv")).expect("tuning.csv");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 75);
    for method in &tuned.methods {
        let of_method = rows.iter().filter(|row| row[0] == method.label);
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let rows: Vec<_> = of_method.collect();
        let medians = rows.iter().map(|row| number(&row[4]));
        let least = medians.fold(f64::INFINITY, f64::min);
        let step = method.settings.number("outer_step_size");
        let is_best = |row: &&&csv::StringRecord| number(&row[4]) <= least + 1e-11;
        assert!(
            rows.iter()
                .filter(is_best)
                .any(|row| number(&row[2]) == step),
            "{}: {step}",
            method.label
        );
    }
    let table = std::fs::read_to_string(out.join("tuning.md")).expect("tuning.md");
    assert!(table.starts_with("| method | trials | best |"), "{table}");
    let one = tune(&out, &file, &["--threads", "1"]);
    let first = std::fs::read(out.join("tuning.csv")).expect("tuning.csv");
    let two = tune(&out, &file, &["--threads", "3"]);
    assert_eq!(one.stdout, two.stdout);
    assert_eq!(
        first,
        std::fs::read(out.join("tuning.csv")).expect("tuning.csv")
    );
}

#[rstest]
fn a_wrong_tuning_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("out");
    for (file, more, expected) in [
        ("coreset", ["--trials", "10"], "possible values: 9, 25, 49"),
        ("no-such", ["--trials", "9"], "no-such"),
    ] {
        let output = tune(&out, file, &more);
        assert_eq!(output.status.code(), Some(2));
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            words.contains(expected) && words.lines().count() == 1,
            "{words}"
        );
    }
    assert!(!out.exists(), "nothing is written");
}
