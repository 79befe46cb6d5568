//! The formula editor: typing a problem, making and correcting errors, running it, undo and redo.

use std::time::{Duration, Instant};

use bilevel::formula::Draft;
use bilevel::problem::ParameterValue;
use bilevel_figure::{AtlasPicture, SweepPicture, View as _};
use bilevel_files::Experiment;
use bilevel_lab::app::App;
use egui::{Event, Key, Modifiers, OutputCommand, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rstest::rstest;

use crate::support;
use crate::support::driving::{click, picture, press, settle, window, window_on};

const SIZE: [f32; 2] = [1280.0, 720.0];
const LEADER: &str = "Objective of level 1";
const FOLLOWER: &str = "Objective of level 2";

/// The window with the formulas that the editor opens with.
fn opened(size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    let mut experiment = bilevel_lab::embedded::open("welcome").expect("the preset is right");
    experiment.iterations = 400;
    let mut harness = window_on("welcome", experiment, size, theme);
    harness.get_by_label("Benchmark").click();
    harness.run_steps(3);
    harness
        .get_by_label("Find a benchmark")
        .type_text("own formulas");
    harness.run_steps(3);
    press(&mut harness, Key::Enter);
    harness.state_mut().seek(0);
    settle(&mut harness);
    harness
}

/// Replaces the text of a field.
fn write(harness: &mut Harness<'_, App>, field: &str, text: &str) {
    harness.get_by_label(field).scroll_to_me();
    harness.run_steps(3);
    harness.get_by_label(field).scroll_to_me();
    harness.run_steps(3);
    harness.get_by_label(field).click();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    if text.is_empty() {
        harness.key_press(Key::Delete);
    } else {
        harness.event(Event::Text(text.to_owned()));
    }
    harness.run_steps(3);
}

/// The text of a field.
fn shown(harness: &Harness<'_, App>, field: &str) -> String {
    let node = harness.get_by_label(field);
    node.accesskit_node().value().unwrap_or_default()
}

#[rstest]
fn half_typed_formulas_are_steps_of_undo() {
    let mut harness = opened(SIZE, Theme::Light);
    let first = shown(&harness, LEADER);
    let running = draft(&harness);
    write(&mut harness, LEADER, "(x - 3)^2 + yy^2");
    assert!(says(&harness, "did you mean `y`?"));
    write(&mut harness, FOLLOWER, "(y - x");
    assert_eq!(draft(&harness), running);
    press(&mut harness, Key::Escape);
    click(&mut harness, "Undo (Ctrl Z)");
    assert_eq!(shown(&harness, FOLLOWER), running.levels[1].objective);
    assert_eq!(shown(&harness, LEADER), "(x - 3)^2 + yy^2");
    assert!(
        says(&harness, "did you mean `y`?"),
        "its error is back, too"
    );
    click(&mut harness, "Undo (Ctrl Z)");
    assert_eq!(shown(&harness, LEADER), first);
    assert!(!says(&harness, "did you mean"));
    for _ in 0..2 {
        click(&mut harness, "Redo (Ctrl Shift Z)");
    }
    assert_eq!(shown(&harness, FOLLOWER), "(y - x");
    assert_eq!(draft(&harness), running);
    assert!(says(&harness, "The last valid problem keeps running."));
}

/// The formulas of the problem that runs.
fn draft(harness: &Harness<'_, App>) -> Draft {
    let settings = &harness.state().experiment().problem.settings;
    settings
        .model()
        .expect("formulas are raced")
        .draft()
        .clone()
}

fn objective(harness: &Harness<'_, App>, level: usize) -> String {
    draft(harness).levels[level - 1].objective.clone()
}

fn says(harness: &Harness<'_, App>, words: &str) -> bool {
    harness.query_by_label_contains(words).is_some()
}

#[rstest]
fn a_problem_is_typed_goes_wrong_is_mended_raced_taken_back_and_made_again() {
    let mut harness = opened(SIZE, Theme::Light);
    let first = draft(&harness);
    assert_eq!(shown(&harness, FOLLOWER), first.levels[1].objective);
    write(&mut harness, LEADER, "(x - 3)^2 + y^2");
    assert_eq!(objective(&harness, 1), "(x - 3)^2 + y^2");
    settle(&mut harness);
    // the runs are those of the new problem: they start at x = 1.6, y = 3.2 of the box
    for (trace, done) in harness.state().records() {
        let begin = trace.objectives[0].values()[0];
        assert!((begin - (1.4 * 1.4 + 3.2 * 3.2)).abs() < 1e-12, "{begin}");
        assert!(done > 0);
    }
    write(&mut harness, LEADER, "(x - 3)^2 + yy^2");
    assert!(says(&harness, "did you mean `y`?"), "the nearest name");
    assert!(says(&harness, "The last valid problem keeps running."));
    assert_eq!(objective(&harness, 1), "(x - 3)^2 + y^2");
    assert!(harness.state().records().all(|(_, done)| done > 0));
    write(&mut harness, LEADER, "(x - 3)^2 + 2*y^2");
    assert!(!says(&harness, "did you mean"));
    assert_eq!(objective(&harness, 1), "(x - 3)^2 + 2*y^2");
    settle(&mut harness);
    for (trace, done) in harness.state().records() {
        let begin = trace.objectives[0].values()[0];
        assert!(
            (begin - (1.4 * 1.4 + 2.0 * 3.2 * 3.2)).abs() < 1e-12,
            "{begin}"
        );
        assert!(done > 0);
    }
    // another field is another step
    write(&mut harness, FOLLOWER, "(y - x)^2");
    let last = draft(&harness);
    click(&mut harness, "Undo (Ctrl Z)");
    assert_eq!(objective(&harness, 1), "(x - 3)^2 + 2*y^2");
    assert_eq!(shown(&harness, FOLLOWER), first.levels[1].objective);
    click(&mut harness, "Undo (Ctrl Z)");
    assert_eq!(draft(&harness), first);
    assert_eq!(shown(&harness, LEADER), first.levels[0].objective);
    click(&mut harness, "Redo (Ctrl Shift Z)");
    click(&mut harness, "Redo (Ctrl Shift Z)");
    assert_eq!(draft(&harness), last);
    assert_eq!(shown(&harness, LEADER), "(x - 3)^2 + 2*y^2");
    assert_eq!(shown(&harness, FOLLOWER), "(y - x)^2");
}

#[rstest]
fn an_error_moves_no_control_out_of_the_panel() {
    let mut harness = opened(SIZE, Theme::Light);
    let controls = [
        "Add a method",
        "Reset",
        "Menu of BOME",
        "outer step of BOME, typed",
    ];
    let places = |harness: &Harness<'_, App>| {
        controls.map(|control| harness.get_by_label(control).rect().right())
    };
    let before = places(&harness);
    write(&mut harness, LEADER, "x^2 +");
    assert!(says(&harness, "The last valid problem keeps running"));
    assert_eq!(places(&harness), before);
    let back = harness.get_by_label("Go back to it").rect();
    assert!(back.right() <= before[0], "{back}");
    click(&mut harness, "Go back to it");
    assert!(!says(&harness, "The last valid problem keeps running"));
    settle(&mut harness);
}

#[rstest]
fn a_slider_moves_a_constant_even_while_something_wrong_is_being_typed() {
    let mut harness = opened(SIZE, Theme::Light);
    write(&mut harness, LEADER, "(x - 3)^2 + ");
    assert!(says(&harness, "expected"));
    let rail = harness.get_by_label("Slider of a").rect();
    harness.drag_at(rail.center());
    harness.run_steps(2);
    for share in [0.6, 0.8] {
        harness.hover_at(rail.lerp_inside(egui::vec2(share, 0.5)));
        harness.run_steps(2);
    }
    harness.drop_at(rail.lerp_inside(egui::vec2(0.8, 0.5)));
    harness.run_steps(3);
    let moved = draft(&harness).constants[0].1.value;
    assert!((1.2..2.0).contains(&moved), "{moved}");
    assert_eq!(
        shown(&harness, LEADER),
        "(x - 3)^2 + ",
        "what is typed stays"
    );
    click(&mut harness, "Undo (Ctrl Z)");
    let before = draft(&harness).constants[0].1.value;
    assert!(
        (before - 1.0).abs() < 1e-12,
        "one drag is one step: {before}"
    );
    assert_eq!(shown(&harness, LEADER), "(x - 3)^2 + ");
    click(&mut harness, "Go back to it");
    assert_eq!(shown(&harness, LEADER), draft(&harness).levels[0].objective);
    assert!(!says(&harness, "The last valid problem keeps running."));
}

#[rstest]
fn levels_constants_and_definitions_come_with_values_that_are_right_and_go() {
    let mut harness = opened(SIZE, Theme::Light);
    for name in ["Add a level", "Add a constant", "Add a definition"] {
        click(&mut harness, name);
        assert!(
            !says(&harness, "The last valid problem keeps running."),
            "{name}"
        );
    }
    let all = draft(&harness);
    assert_eq!(all.levels[2].variables, ["z"]);
    assert_eq!(all.levels[2].objective, "(z - y)^2/2");
    assert_eq!(all.constants[1].0, "b");
    assert_eq!(all.definitions[0], ("s".to_owned(), "z".to_owned()));
    write(&mut harness, "Range of constant 2", "");
    assert_eq!(draft(&harness).constants[1].1.range, None);
    assert!(harness.query_by_label("Slider of b").is_none());
    for name in ["Remove definition 1", "Remove constant 2", "Remove level 3"] {
        click(&mut harness, name);
    }
    let left = draft(&harness);
    assert_eq!(
        [
            left.levels.len(),
            left.constants.len(),
            left.definitions.len()
        ],
        [2, 1, 0]
    );
    assert!(
        harness.query_by_label("Remove level 2").is_none(),
        "two levels stay"
    );
    settle(&mut harness);
}

#[rstest]
fn bounds_that_are_none_are_said_and_good_ones_bound_the_problem() {
    let mut harness = opened(SIZE, Theme::Light);
    write(&mut harness, "Bounds of level 2", "[0, many]");
    assert!(says(&harness, "found `many`"));
    assert_eq!(draft(&harness).levels[1].bounds, [[-8.0, 8.0]]);
    write(&mut harness, "Bounds of level 2", "[0, inf]");
    assert_eq!(draft(&harness).levels[1].bounds, [[0.0, f64::INFINITY]]);
    write(&mut harness, "Variables of level 2", "y, x");
    assert!(says(&harness, "declared twice"));
    write(&mut harness, "Variables of level 2", "y, w[2]");
    assert_eq!(draft(&harness).levels[1].variables, ["y", "w[2]"]);
    // w is in no objective, so that a row takes long to judge
    harness
        .state()
        .executor()
        .advance(Instant::now() + Duration::from_secs(1));
    harness.run_steps(3);
}

#[rstest]
fn an_example_opens_as_formulas_with_the_methods_that_are_there() {
    let mut harness = opened(SIZE, Theme::Light);
    let methods = harness.state().experiment().methods.clone();
    click(&mut harness, "Start from an example");
    click(&mut harness, "V-PBGD example");
    settle(&mut harness);
    let draft = draft(&harness);
    assert_eq!(draft.definitions, [("s".to_owned(), "x + y".to_owned())]);
    assert_eq!(shown(&harness, "Formula of definition 1"), "x + y");
    assert!(says(&harness, "s=x+y"), "it is typeset beneath");
    assert_eq!(harness.state().experiment().methods, methods);
    // where the follower is not convex, AID-CG does not even start
    let run = harness.state().records().filter(|(_, done)| *done > 0);
    assert!(run.count() >= 3);
}

#[rstest]
fn keys_that_are_typed_into_a_formula_command_nothing_else() {
    let mut harness = opened(SIZE, Theme::Light);
    harness.get_by_label(LEADER).click();
    harness.run_steps(2);
    let before = harness.state().experiment().clone();
    let iteration = harness.state().iteration();
    for key in [
        Key::Space,
        Key::R,
        Key::T,
        Key::Num1,
        Key::ArrowRight,
        Key::End,
        Key::E,
    ] {
        press(&mut harness, key);
    }
    assert_eq!(*harness.state().experiment(), before);
    assert_eq!(harness.state().iteration(), iteration);
    assert!(
        harness.query_by_label("Cancel").is_none(),
        "no dialog opened"
    );
}

#[rstest]
fn badges_say_what_samples_found() {
    let mut harness = opened(SIZE, Theme::Light);
    for words in ["gradients", "finite", "convex", "unique solution"] {
        assert!(says(&harness, &format!("✓ {words}")), "{words}");
    }
    write(&mut harness, FOLLOWER, "(y^2 - 1)^2 + log(x)*0");
    settle(&mut harness);
    for words in ["finite", "convex", "unique solution"] {
        assert!(says(&harness, &format!("✗ {words}")), "{words}");
    }
}

#[rstest]
fn minima_that_nobody_knows_are_found_and_ends_are_judged_by_them() {
    let mut harness = opened(SIZE, Theme::Light);
    write(&mut harness, LEADER, "(x - 1)^2 + (y - 1)^2 + 3");
    write(&mut harness, FOLLOWER, "(y - x)^2");
    settle(&mut harness);
    for (trace, _) in harness.state().records() {
        assert!((trace.optimum() - 3.0).abs() < 1e-9, "{}", trace.optimum());
        let last = trace.suboptimality.values().last().expect("there are rows");
        assert!(last.abs() < 0.1, "{last}");
    }
    assert!(
        says(&harness, "3: the lowest minimum of"),
        "the guide says the optimum"
    );
}

#[rstest]
fn an_experiment_is_copied_as_text_and_pasted_again() {
    let mut harness = opened(SIZE, Theme::Light);
    write(&mut harness, LEADER, "(x - 3)^2 + y^2");
    // leave the field
    press(&mut harness, Key::Escape);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    harness
        .get_by_label("Find a command")
        .type_text("experiment as text");
    harness.run_steps(3);
    // the release of the key would be another frame, of which alone the output is kept
    harness.event(Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    let mut copied = None;
    for _ in 0..4 {
        harness.step();
        for command in &harness.output().platform_output.commands {
            if let OutputCommand::CopyText(text) = command {
                copied = Some(text.clone());
            }
        }
    }
    let copied = copied.expect("the text is on the clipboard");
    let experiment = harness.state().experiment().clone();
    let read = Experiment::read("copied", &copied).expect("it reads back");
    assert_eq!(read.problem, experiment.problem);
    assert_eq!(read.methods, experiment.methods);

    let mut other = window("valleys", SIZE, Theme::Light);
    let before = other.state().experiment().clone();
    other.event(Event::Paste(
        "title = \"none\"\n[problem]\nid = 3".to_owned(),
    ));
    other.run_steps(3);
    assert_eq!(
        *other.state().experiment(),
        before,
        "what is wrong changes nothing"
    );
    assert!(says(&other, "3:"), "the line is said");
    other.event(Event::Paste(copied));
    other.run_steps(3);
    settle(&mut other);
    assert_eq!(other.state().experiment().problem, experiment.problem);
    assert_eq!(shown(&other, LEADER), "(x - 3)^2 + y^2");
    click(&mut other, "Undo (Ctrl Z)");
    assert_eq!(*other.state().experiment(), before);
}

#[rstest]
fn small_benchmarks_have_a_button_that_opens_them_as_formulas() {
    let mut harness = window("valleys", SIZE, Theme::Light);
    click(&mut harness, "Edit formulas");
    settle(&mut harness);
    assert_eq!(harness.state().experiment().problem.entry.id, "formula");
    assert!(harness.query_by_label("Edit formulas").is_none());
    assert!(!says(&harness, "default parameters"));
    let mut experiment = bilevel_lab::embedded::open("welcome").expect("the preset is right");
    experiment.iterations = 50;
    let mirrored = ParameterValue::Choice("mirrored".to_owned());
    let is_set = experiment.problem.settings.set("x4", mirrored);
    is_set.expect("it is one of its choices");
    let mut harness = window_on("welcome", experiment, SIZE, Theme::Light);
    click(&mut harness, "Edit formulas");
    assert!(
        says(&harness, "default parameters"),
        "what was set is not in the formulas, and that is said"
    );
    let mut experiment =
        bilevel_lab::embedded::open("robust-regression").expect("the preset is right");
    experiment.iterations = 1;
    let harness = window_on("robust-regression", experiment, SIZE, Theme::Light);
    assert!(
        harness.query_by_label("Edit formulas").is_none(),
        "tables of data are no formulas"
    );
}

#[rstest]
fn a_benchmark_can_be_edited_as_formulas() {
    let mut harness = window("valleys", SIZE, Theme::Light);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    harness
        .get_by_label("Find a command")
        .type_text("edit formulas");
    harness.run_steps(3);
    press(&mut harness, Key::Enter);
    harness.run_steps(2);
    settle(&mut harness);
    assert_eq!(
        shown(&harness, "Variables of level 1"),
        draft(&harness).levels[0].variables[0]
    );
    assert!(harness.state().records().all(|(_, done)| done > 0));
}

#[rstest]
fn a_start_and_a_range_are_typed_taken_back_and_made_again() {
    let mut harness = opened(SIZE, Theme::Light);
    let first = draft(&harness);
    assert!(harness.query_by_label("Start of level 1").is_none());
    click(&mut harness, "Show start and range of level 1");
    assert_eq!(draft(&harness), first, "to look changes nothing");
    write(&mut harness, "Start of level 1", "-2");
    assert_eq!(draft(&harness).levels[0].start, [-2.0]);
    settle(&mut harness);
    let expected = 9.0 + (9.6_f64).sin() / 2.0;
    for (trace, done) in harness.state().records() {
        let begin = trace.objectives[0].values()[0];
        assert!((begin - expected).abs() < 1e-12, "{begin}");
        assert!(done > 0);
    }
    write(&mut harness, "Range of level 1", "[-3, inf]");
    assert!(says(
        &harness,
        "a finite number and a greater one are expected"
    ));
    assert!(draft(&harness).levels[0].range.is_empty());
    write(&mut harness, "Range of level 1", "[-3, 5]");
    assert_eq!(draft(&harness).levels[0].range, [[-3.0, 5.0]]);
    // another formula changes neither
    write(&mut harness, LEADER, "(x - 3)^2 + y^2");
    let last = draft(&harness);
    assert_eq!(last.levels[0].start, [-2.0]);
    assert_eq!(last.levels[0].range, [[-3.0, 5.0]]);
    for _ in 0..3 {
        click(&mut harness, "Undo (Ctrl Z)");
    }
    assert_eq!(draft(&harness), first);
    assert_eq!(shown(&harness, "Start of level 1"), "");
    for _ in 0..3 {
        click(&mut harness, "Redo (Ctrl Shift Z)");
    }
    assert_eq!(draft(&harness), last);
    assert_eq!(shown(&harness, "Range of level 1"), "[-3, 5]");
    // two numbers are no start of one variable, and an empty field is no start
    write(&mut harness, "Start of level 1", "1, 2");
    assert!(says(&harness, "1 in all, not 2"));
    write(&mut harness, "Start of level 1", "");
    assert!(draft(&harness).levels[0].start.is_empty());
    click(&mut harness, "Hide start and range of level 1");
    assert!(harness.query_by_label("Range of level 1").is_none());
    settle(&mut harness);
}

#[rstest]
fn formulas_are_saved_as_a_file_and_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    let path = path.to_str().expect("a plain path");
    let mut harness = opened(SIZE, Theme::Light);
    write(&mut harness, LEADER, "(x - 3)^2 + y^2");
    click(&mut harness, "Show start and range of level 2");
    write(&mut harness, "Start of level 2", "0.5");
    press(&mut harness, Key::Escape);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(3);
    harness.get_by_label("File").focus();
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.step();
    harness.get_by_label("File").type_text(path);
    harness.step();
    click(&mut harness, "Save");
    let saved = bilevel_lab::embedded::open(path).expect("what is saved can be opened");
    let problem = harness.state().experiment().problem.clone();
    assert_eq!(saved.problem, problem);

    let mut other = window("valleys", SIZE, Theme::Light);
    other.key_press_modifiers(Modifiers::COMMAND, Key::O);
    other.run_steps(4);
    other.get_by_label("Find an experiment").type_text(path);
    other.run_steps(3);
    press(&mut other, Key::Enter);
    other.run_steps(2);
    settle(&mut other);
    assert_eq!(other.state().experiment().problem, problem);
    assert_eq!(shown(&other, LEADER), "(x - 3)^2 + y^2");
    // a start that was typed is shown at once
    assert_eq!(shown(&other, "Start of level 2"), "0.5");
    assert!(!other.state().is_modified());
}

#[rstest]
fn the_atlas_and_a_sweep_of_typed_formulas_are_computed() {
    for view in [AtlasPicture::KIND, SweepPicture::KIND] {
        let mut harness = opened(SIZE, Theme::Light);
        let mut experiment = harness.state().experiment().clone();
        experiment.view.kind = Some(view);
        experiment.view.grid = Some(5);
        let text = experiment.write();
        harness.event(Event::Paste(text));
        harness.run_steps(3);
        settle(&mut harness);
        if view == AtlasPicture::KIND {
            // the only minimum is the global one, once the referee has found it
            assert!(says(&harness, "global minimum, x="));
            assert!(!says(&harness, "local minimum"));
        }
        let picture = harness.render().expect("the renderer draws everything");
        let middle = image::imageops::crop_imm(&picture, 310, 90, 700, 340).to_image();
        let mut inks: Vec<[u8; 4]> = middle.pixels().map(|pixel| pixel.0).collect();
        inks.sort_unstable();
        inks.dedup();
        assert!(inks.len() > 30, "{view:?}: {} inks", inks.len());
        if let Some(folder) = std::env::var_os("LOOK") {
            let name = format!("{view:?}.png");
            picture
                .save(std::path::Path::new(&folder).join(name))
                .expect("saved");
        }
    }
}

#[rstest]
fn the_editor_looks_as_it_should_right_and_wrong_in_both_themes() {
    for (size, theme, word) in [
        (SIZE, Theme::Light, "720-light"),
        ([1920.0, 1080.0], Theme::Dark, "1080-dark"),
    ] {
        let mut harness = opened(size, theme);
        settle(&mut harness);
        let whole = picture(&mut harness);
        if theme == Theme::Light {
            support::assert_readme_picture("formulas", &whole);
        } else {
            let editor = image::imageops::crop_imm(&whole, 0, 40, 320, 1040).to_image();
            support::assert_snapshot(&format!("formulas-{word}"), &editor);
        }
        write(&mut harness, LEADER, "(x - 1)^2 + sine(3*y)/2");
        press(&mut harness, Key::Escape);
        settle(&mut harness);
        let picture = harness.render().expect("the renderer draws everything");
        // the rest of the window changes with other panels
        let part = image::imageops::crop_imm(&picture, 0, 40, 320, 400).to_image();
        support::assert_snapshot(&format!("formulas-wrong-{word}"), &part);
    }
}
