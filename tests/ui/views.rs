//! The views of the runs in the landscape's place: the feasibility plot, the penalty surface, the assumption map and the
//! slice; in the window, in files and from the command line.

use std::path::{Path, PathBuf};
use std::process::Command;

use bilevel::problem::{self, PROBLEMS, Settings};
use bilevel_figure::feasibility::{FeasibilityData, feasibility};
use bilevel_figure::{
    AnatomyPicture, AssumptionsPicture, FeasibilityPicture, LandscapePicture, PenaltyPicture,
    SlicePicture, View as _, chosen_views,
};
use bilevel_figure::{Layer, Theme as Paper};
use bilevel_files::{Experiment, StartSpec, ViewKind};
use bilevel_lab::app::App;
use egui::{Key, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rstest::rstest;

use crate::support::choosing::choose;
use crate::support::driving::{
    assert_figures, name_of, press, settle, short_window, window, window_on,
};

/// The accessible name of each view's picture.
const VIEWS: [(ViewKind, &str); 4] = [
    (FeasibilityPicture::KIND, "Feasibility"),
    (PenaltyPicture::KIND, "Penalty"),
    (AssumptionsPicture::KIND, "Assumptions"),
    (SlicePicture::KIND, "Slice"),
];

fn shows(harness: &Harness<'_, App>, name: &str) -> bool {
    harness.query_by_label(name).is_some()
}

fn view_kind_of(harness: &Harness<'_, App>) -> Option<ViewKind> {
    harness.state().as_seen().view.kind
}

#[rstest]
fn every_view_is_chosen_from_the_menu_and_found_in_the_palette() {
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    for (view, name) in VIEWS {
        choose(&mut harness, "View of the runs", view.word());
        assert!(shows(&harness, name), "{name}");
        assert_eq!(view_kind_of(&harness), Some(view));
    }
    press(&mut harness, Key::V);
    settle(&mut harness);
    assert!(shows(&harness, "Landscape"));
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    harness
        .get_by_label("Find a command")
        .type_text("view feasibility");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    settle(&mut harness);
    assert!(shows(&harness, "Feasibility"));
}

#[rstest]
fn the_compass_has_a_switch_of_its_fresh_states_which_undo_takes_back() {
    let mut harness = window("valleys", [1280.0, 720.0], Theme::Light);
    choose(&mut harness, "View of the runs", "compass");
    let options = |harness: &Harness<'_, App>| harness.state().as_seen().view.options;
    assert_eq!(options(&harness), []);
    harness.get_by_label("solved").click();
    harness.run_steps(3);
    settle(&mut harness);
    assert_eq!(options(&harness), [("compass_y", 2.0)]);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
    settle(&mut harness);
    assert_eq!(options(&harness), []);
    assert!(shows(&harness, "Compass on the reduced objective φ"));
}

#[rstest]
fn shift_and_v_goes_through_all_views_and_around() {
    let mut experiment = bilevel_lab::embedded::open("valleys").expect("the preset is right");
    experiment.view.grid = Some(8); // two of the views are surveys
    let mut harness = window_on("valleys", experiment, [1280.0, 720.0], Theme::Light);
    for view in chosen_views().skip(1).chain([LandscapePicture::KIND]) {
        harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::V);
        harness.run_steps(3);
        settle(&mut harness);
        let seen = view_kind_of(&harness).unwrap_or(LandscapePicture::KIND);
        assert_eq!(seen, view);
    }
}

#[rstest]
fn what_is_shown_is_saved_and_read_back() {
    for (view, lines) in [
        ("feasibility", ""),
        ("penalty", "penalty = 250.5"),
        ("assumptions", ""),
        ("slice", "slice = \"principal\""),
    ] {
        let text = format!(
            "title = \"Views\"\niterations = 20\n[problem]\nid = \"coreset\"\n[[method]]\nid = \"itd\"\nlabel = \"ITD\"\n\
             [view]\nkind = \"{view}\"\n{lines}\n"
        );
        let experiment = Experiment::read("views", &text).expect("the experiment is right");
        let harness = window_on("views", experiment.clone(), [1280.0, 720.0], Theme::Light);
        let seen = harness.state().as_seen();
        assert_eq!(seen, experiment, "nobody changed a view");
        let written = seen.write();
        assert!(written.contains(&format!("kind = \"{view}\"")), "{written}");
        assert!(written.contains(lines), "{written}");
        let again = Experiment::read("again", &written).expect("what is saved can be opened");
        assert_eq!(again, experiment);
    }
}

#[rstest]
fn a_penalty_that_is_typed_and_a_plane_that_is_chosen_are_saved() {
    let mut harness = window("valleys", [1280.0, 720.0], Theme::Light);
    choose(&mut harness, "View of the runs", "penalty");
    harness.get_by_label("Penalty γ, typed").focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness.get_by_label("Penalty γ, typed").type_text("500");
    harness.key_press(Key::Enter);
    harness.run_steps(4);
    settle(&mut harness);
    assert_eq!(harness.state().as_seen().view.options, [("penalty", 500.0)]);
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    choose(&mut harness, "View of the runs", "slice");
    choose(&mut harness, "Plane of the slice", "principal");
    let text = harness.state().as_seen().write();
    assert!(text.contains("slice = \"principal\""), "{text}");
}

#[rstest]
fn a_start_is_dragged_on_the_penalty_and_on_the_assumptions() {
    for (view, name) in [("penalty", "Penalty"), ("assumptions", "Assumptions")] {
        let mut harness = window("valleys", [1280.0, 720.0], Theme::Light);
        choose(&mut harness, "View of the runs", view);
        let to = harness.get_by_label(name).rect().center();
        harness.drag_at(to);
        harness.step();
        harness.drop_at(to);
        harness.step();
        settle(&mut harness);
        let starts = &harness.state().experiment().starts;
        let [StartSpec::At(start)] = &starts[..] else {
            panic!("{view}: {starts:?}");
        };
        assert!(
            start.values().iter().all(|value| value.abs() < 0.3),
            "{start:?}"
        );
    }
}

#[rstest]
fn every_problem_has_every_view_or_a_sentence_in_any_window(
    #[files("crates/bilevel/src/problem/benchmark/toys/*.rs")]
    #[files("crates/bilevel/src/problem/benchmark/planar/*.rs")]
    #[files("crates/bilevel/src/problem/benchmark/multilevel/*.rs")]
    #[exclude("mod.rs|common.rs")]
    benchmark: PathBuf,
) {
    let entry = problem::find(&name_of(&benchmark)).expect("a benchmark is called as its file");
    let text = format!(
        "iterations = 10\n[problem]\nid = \"{}\"\n[[method]]\nid = \"implicit\"\n[[method]]\nid = \"itd\"\n",
        entry.id
    );
    let experiment = Experiment::read(entry.id, &text).expect("the experiment is right");
    for size in [[1280.0, 720.0], [300.0, 240.0]] {
        let mut harness = window_on(entry.id, experiment.clone(), size, Theme::Dark);
        harness.state_mut().seek(5);
        for (view, _) in VIEWS {
            while view_kind_of(&harness) != Some(view) {
                harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::V);
                harness.run_steps(2);
            }
            settle(&mut harness);
        }
        let _picture = harness.render().expect("the renderer draws everything");
    }
}

#[rstest]
fn every_small_benchmark_has_a_file_of_its_name() {
    let kinds = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/bilevel/src/problem/benchmark");
    for entry in PROBLEMS {
        let file = format!("{}.rs", entry.id.replace('-', "_"));
        let is_there = |kind: &&str| kinds.join(kind).join(&file).is_file();
        let kind = ["toys", "planar", "multilevel"].into_iter().find(is_there);
        assert!(
            kind.is_some(),
            "the tests that go by files miss {}",
            entry.id
        );
    }
}

#[rstest]
fn without_recorded_points_every_view_says_why_it_is_empty() {
    let text = "iterations = 10\nrecord_points = \"none\"\n[problem]\nid = \"coreset\"\n[[method]]\nid = \"itd\"\n";
    let experiment = Experiment::read("bare", text).expect("the experiment is right");
    let mut harness = window_on("bare", experiment, [1280.0, 720.0], Theme::Light);
    for (view, name) in VIEWS {
        choose(&mut harness, "View of the runs", view.word());
        assert!(shows(&harness, name), "{name}");
    }
}

#[rstest]
fn the_wedge_is_drawn_only_where_the_optimum_is_known() {
    let experiment = bilevel_lab::embedded::open("valleys").expect("the preset is right");
    let harness = window_on("valleys", experiment.clone(), [1280.0, 720.0], Theme::Light);
    let problem = experiment.problem.build();
    let trace = harness.state().records().next().expect("there is a run").0;
    let paths = [bilevel_figure::landscape::RunPath {
        trace,
        status: &bilevel::run::Status::Running,
        tag: bilevel_figure::RunTag {
            slot: 0,
            run: 0,
            look: bilevel_figure::MethodLook::default(),
        },
        leaves: None,
        until: u64::MAX,
        is_stale: false,
        most: None,
        end: None,
        finish: None,
        name: "BOME",
    }];
    let mut metadata = problem.metadata().clone();
    let zones = |metadata: &problem::Metadata| {
        let subject = FeasibilityData {
            metadata,
            methods: &experiment.methods,
            iterations: experiment.iterations,
        };
        let [portrait, _] = feasibility(subject, &paths, Paper::Light);
        let zones = portrait.layers.iter().filter_map(|layer| match layer {
            Layer::Zone { x, y, .. } => Some((*x, *y)),
            _ => None,
        });
        zones.collect::<Vec<_>>()
    };
    let [([left, _], [_, top])] = zones(&metadata)[..] else {
        panic!("one wedge");
    };
    // with two levels a gap that is no more than rounding cannot undercut the optimum
    assert!(left > 0.0 && Some(top) == metadata.optimum());
    metadata.minima.clear();
    assert!(zones(&metadata).is_empty());
}

#[rstest]
fn the_command_line_writes_every_view_and_refuses_what_a_problem_does_not_have() {
    let folder = tempfile::tempdir().expect("a folder");
    let draw = |problem: &str, view: &str| {
        let text = format!(
            "iterations = 30\n[problem]\nid = \"{problem}\"\n[[method]]\nid = \"aid-cg\"\n[[method]]\nid = \"itd\"\n"
        );
        let [file, out] = ["file.toml", "out.svg"].map(|name| folder.path().join(name));
        std::fs::write(&file, text).expect("the folder takes files");
        let _old = std::fs::remove_file(&out);
        let output = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"))
            .args(["figure", file.to_str().expect("a plain path")])
            .args(["-o", out.to_str().expect("a plain path"), "--view", view])
            .output()
            .expect("the binary runs");
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        std::fs::read_to_string(&out).map_err(|_missing| complaint)
    };
    for (view, name) in VIEWS {
        let problem = if view == SlicePicture::KIND {
            "coreset"
        } else {
            "pbgd"
        };
        let picture = draw(problem, view.word()).expect("the figure is written");
        let drawn = picture.split_once("</metadata>").expect("metadata").1;
        assert!(drawn.contains(name), "{name}");
        assert!(!drawn.contains("NaN"), "{name}");
    }
    let refused = draw("coreset", "penalty").expect_err("four variables are too many");
    assert!(refused.contains("one variable each"), "{refused}");
    let refused = draw("valleys", "slice").expect_err("two variables need no slice");
    assert!(
        refused.contains("more than the two variables of the landscape"),
        "{refused}"
    );
}

#[rstest]
fn a_window_at_rest_on_any_view_asks_for_no_more_frames() {
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    harness.state_mut().seek(50);
    for (view, name) in VIEWS {
        choose(&mut harness, "View of the runs", view.word());
        for _ in 0..8 {
            harness.step();
        }
        let outputs = harness.output().viewport_output.values();
        let hour = std::time::Duration::from_hours(1);
        let mut delays = outputs.map(|output| output.repaint_delay);
        assert!(delays.all(|delay| delay > hour), "{name}");
    }
}

#[rstest]
fn a_problem_of_one_and_one_variable_is_a_plane() {
    let planes = PROBLEMS.iter().filter(|entry| {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        bilevel::study::is_plane(problem.metadata())
    });
    let ids: Vec<&str> = planes.map(|entry| entry.id).collect();
    for id in ["valleys", "pbgd", "minimax"] {
        assert!(ids.contains(&id), "{id} of {ids:?}");
    }
    assert!(!ids.contains(&"coreset"));
}

#[rstest]
#[case::feasibility("valleys", "feasibility", Theme::Light, "light", 200)]
#[case::penalty("valleys", "penalty", Theme::Dark, "dark", 200)]
#[case::assumptions("pbgd", "assumptions", Theme::Light, "light", 40)]
#[case::slice("coreset", "slice", Theme::Dark, "dark", 500)]
fn views_look_as_they_should(
    #[case] preset: &str,
    #[case] view: &str,
    #[case] theme: Theme,
    #[case] word: &str,
    #[case] iteration: u64,
) {
    let mut harness = window(preset, [1280.0, 720.0], theme);
    harness.state_mut().seek(iteration);
    choose(&mut harness, "View of the runs", view);
    assert_figures(&mut harness, &format!("{view}-720-{word}"));
}

#[rstest]
fn the_anatomy_opens_by_a_key_and_its_operations_are_lit_one_by_one() {
    let mut harness = short_window("pbgd", [1280.0, 720.0], Theme::Light);
    settle(&mut harness);
    press(&mut harness, Key::I);
    settle(&mut harness);
    let part = |harness: &Harness<'_, App>| {
        let view = harness.state().as_seen().view;
        view.option(AnatomyPicture::REF, "part") as u32
    };
    let says =
        |harness: &Harness<'_, App>, words: &str| harness.query_by_label_contains(words).is_some();
    assert!(says(&harness, "all 6 operations"));
    assert_eq!(part(&harness), 0);
    for expected in [1, 2] {
        press(&mut harness, Key::ArrowDown);
        settle(&mut harness);
        assert_eq!(part(&harness), expected);
        assert!(says(&harness, &format!("operation {expected} of 6")));
    }
    for expected in [1, 0, 6] {
        press(&mut harness, Key::ArrowUp);
        settle(&mut harness);
        assert_eq!(part(&harness), expected);
    }
    press(&mut harness, Key::ArrowDown);
    settle(&mut harness);
    assert_eq!(part(&harness), 0);
    // T on the spot: the loop has other steps
    let words = |steps: &str| format!("the follower's loop: {steps} steps;");
    assert!(says(&harness, &words("10")));
    let rail = harness.get_by_label("Inner steps in the anatomy").rect();
    let at = rail.left_center() + egui::vec2(0.25 * rail.width(), 0.0);
    harness.hover_at(at);
    harness.step();
    harness.drag_at(at);
    harness.step();
    for moved in [3.0, 6.0] {
        harness.hover_at(at - egui::vec2(moved, 0.0));
        harness.step();
        harness.step();
    }
    harness.drop_at(at - egui::vec2(6.0, 0.0));
    settle(&mut harness);
    let steps = harness.state().experiment().methods[0]
        .settings
        .number("inner_steps");
    assert!((1.0..10.0).contains(&steps), "{steps}");
    assert!(says(&harness, &words(&steps.to_string())));
    // the key leads back
    press(&mut harness, Key::I);
    settle(&mut harness);
    assert!(!says(&harness, "operations; ↑ and ↓"));
}

/// The names of all lines on a step that set a block.
fn moves_in_words(harness: &Harness<'_, App>) -> Vec<String> {
    let lines = harness.query_all_by_label_contains("←");
    lines
        .filter_map(|line| line.accesskit_node().label())
        .collect()
}

#[rstest]
fn the_anatomy_shows_the_chosen_run() {
    let mut harness = short_window("coreset", [1280.0, 720.0], Theme::Light);
    harness.state_mut().seek(5);
    press(&mut harness, Key::I);
    settle(&mut harness);
    let first = moves_in_words(&harness);
    assert!(
        first.iter().any(|line| line.starts_with("θ←θ")),
        "{first:?}"
    );
    press(&mut harness, Key::S);
    settle(&mut harness);
    assert_ne!(moves_in_words(&harness), first);
    harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::S);
    harness.run_steps(3);
    settle(&mut harness);
    assert_eq!(moves_in_words(&harness), first);
}

#[rstest]
#[case([1920.0, 1080.0], &["Level 1", "Level 2", "Level 3"], "Parts of the move")]
#[case([1280.0, 720.0], &["Parts of the move"], "Level 1")]
fn three_levels_have_a_column_each_where_there_is_room(
    #[case] size: [f32; 2],
    #[case] shown: &[&str],
    #[case] absent: &str,
) {
    let mut harness = short_window("chain-rule-sweep", size, Theme::Light);
    settle(&mut harness);
    for name in shown {
        assert!(shows(&harness, name), "{name}");
    }
    assert!(!shows(&harness, absent));
}

#[rstest]
fn the_compass_reads_out_the_place_under_the_pointer() {
    let mut harness = window("missing-response", [1280.0, 720.0], Theme::Light);
    settle(&mut harness);
    let plot = harness
        .get_by_label("Compass on the reduced objective φ")
        .rect();
    harness.hover_at(plot.min + egui::vec2(0.7 * plot.width(), 0.3 * plot.height()));
    harness.run_steps(3);
    settle(&mut harness);
    harness.run_steps(2);
    let says = |words: &str| harness.query_all_by_label_contains(words).next().is_some();
    assert!(says("; a descent of φ"));
    assert!(says("; no descent of φ"));
}
