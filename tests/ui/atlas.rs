//! The atlas and sweeps in the window, in files and on pages.

use std::process::Command;

use bilevel::numerics::{Point, WorkToken};
use bilevel::study::Verdict;
use bilevel_figure::{AtlasPicture, View as _};
use bilevel_files::{Experiment, StartSpec, SurveyOptions};
use bilevel_lab::app::App;
use egui::{Key, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support;
use crate::support::choosing::choose;
use crate::support::driving::{assert_figures, picture, press, settle, window_on};

/// A preset whose survey has a number of starts along each axis.
fn coarse(preset: &str, side: usize) -> Experiment {
    let mut experiment = bilevel_lab::embedded::open(preset).expect("the preset is right");
    experiment.view.grid = Some(side);
    experiment
}

fn atlas(side: usize, size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    window_on("pbgd-atlas", coarse("pbgd-atlas", side), size, theme)
}

/// The starts of an experiment; the problem's own if there are none.
fn starts(harness: &Harness<'_, App>) -> Vec<Point> {
    let experiment = harness.state().experiment();
    experiment.start_points(&*experiment.problem.build())
}

#[rstest]
fn each_method_has_a_map_and_a_strip_has_its_curve_beneath() {
    let mut harness = window_on("pbgd", coarse("pbgd", 8), [1280.0, 720.0], Theme::Light);
    choose(&mut harness, "View of the runs", "atlas");
    choose(&mut harness, "Starts along each axis", "16");
    for (number, method) in harness.state().experiment().methods.iter().enumerate() {
        let name = format!("Atlas {}: {}", number + 1, method.label);
        assert!(harness.query_by_label(&name).is_some(), "{name}");
    }
    let failed = "failed";
    let is_told = harness.query_all_by_label_contains(failed).count() > 0;
    assert!(is_told, "AID-CG fails");
    assert_eq!(harness.state().as_seen().view.grid, Some(16));
    press(&mut harness, Key::V);
    settle(&mut harness);
    assert!(harness.query_by_label("Landscape").is_some());
    let mut strip = coarse("tri-cosresp", 16);
    strip.iterations = 20;
    let mut harness = window_on("strip", strip, [1280.0, 720.0], Theme::Light);
    choose(&mut harness, "View of the runs", "atlas");
    let methods = harness.state().experiment().methods.len();
    let curve = format!("Atlas {}: Reduced objective φ", methods + 1);
    assert!(harness.query_by_label(&curve).is_some());
}

#[rstest]
fn a_click_on_a_cell_runs_from_its_start() {
    let side = 9;
    let mut harness = atlas(side, [1280.0, 720.0], Theme::Light);
    let before = starts(&harness);
    let target = harness.get_by_label("Atlas 2: BOME").rect().center();
    harness.hover_at(target);
    harness.run_steps(3);
    harness.get_by_label("Atlas 2: BOME").click();
    harness.run_steps(3);
    settle(&mut harness);
    let after = starts(&harness);
    assert_ne!(before, after);
    // the middle of the map is exactly the middle of the grid
    let experiment = harness.state().experiment().clone();
    let problem = experiment.problem.build();
    let ask = SurveyOptions {
        side,
        plane: Some(vec!["x".to_owned(), "y".to_owned()]),
        ..SurveyOptions::default()
    };
    let plan = experiment.basins(&problem, &ask).expect("a survey");
    let middle = side * side / 2;
    assert_eq!(after, [plan.survey.grid.start(middle)]);
    assert!(matches!(experiment.starts[..], [StartSpec::At(_)]));
    // one step of undo
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
    assert_eq!(starts(&harness), before);
    // the verdict of a map's cell is that of the run
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("goals");
    let bome = experiment
        .methods
        .iter()
        .position(|method| method.label == "BOME")
        .expect("BOME takes part");
    let place = plan.survey.place(bome * side * side + middle);
    let cell = plan.survey.cell(place, &goals, &token).expect("a cell");
    assert_ne!(cell.verdict, Verdict::Diverged);
}

#[rstest]
fn a_cancelled_atlas_stays_as_it_is_and_goes_on_when_asked() {
    let mut harness = atlas(16, [1280.0, 720.0], Theme::Light);
    // many more runs than can end at once
    choose_without_waiting(&mut harness, "Starts along each axis", "512");
    for _ in 0..400 {
        harness.step();
        if harness.query_by_label("Cancel").is_some() {
            break;
        }
        harness.state().executor().step();
    }
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    settle(&mut harness);
    assert!(harness.query_by_label("stopped").is_some());
    assert!(harness.query_by_label("Cancel").is_none());
    harness.get_by_label("Compute").click();
    harness.run_steps(3);
    choose(&mut harness, "Starts along each axis", "16");
    assert!(harness.query_by_label("stopped").is_none());
}

/// Opens a menu and chooses a word, without waiting for the work that it starts.
fn choose_without_waiting(harness: &mut Harness<'_, App>, menu: &str, word: &str) {
    harness.get_by_label(menu).click();
    harness.run_steps(3);
    harness.get_by_label(word).click();
    harness.run_steps(3);
}

#[rstest]
fn an_edit_makes_the_atlas_anew_and_another_problem_forgets_it() {
    let mut harness = atlas(16, [1280.0, 720.0], Theme::Light);
    let before = harness.render().expect("a picture");
    harness
        .get_by_label("inner steps of ITD, T = 3, typed")
        .focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness
        .get_by_label("inner steps of ITD, T = 3, typed")
        .type_text("30");
    harness.key_press(Key::Enter);
    harness.run_steps(4);
    settle(&mut harness);
    assert!(
        harness
            .query_by_label("outdated: before the last change")
            .is_none()
    );
    assert!(before != harness.render().expect("a picture"));
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    harness
        .get_by_label("Find a command")
        .type_text("problem mini-max");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    settle(&mut harness);
    assert_eq!(harness.state().experiment().problem.entry.id, "minimax");
    assert!(harness.query_by_label("Landscape").is_some());
}

#[rstest]
fn a_click_on_a_sweep_takes_the_setting() {
    let mut harness = window_on(
        "pad",
        coarse("valleys-pad", 4),
        [1280.0, 720.0],
        Theme::Light,
    );
    let setting = |harness: &Harness<'_, App>, name: &str| {
        harness.state().experiment().methods[0]
            .settings
            .number(name)
    };
    assert_eq!(setting(&harness, "inner_steps"), 10.0);
    let pad = harness.get_by_label("Sweep 1: BOME: % global").rect();
    let at = egui::pos2(pad.left() + 4.0, pad.bottom() - 4.0);
    harness.hover_at(at);
    harness.run_steps(2);
    harness.drag_at(at);
    harness.step();
    harness.drop_at(at);
    harness.run_steps(3);
    settle(&mut harness);
    assert_eq!(setting(&harness, "inner_steps"), 1.0);
    assert_eq!(setting(&harness, "outer_step_size"), 0.005);
    // another parameter, and no second one
    choose(&mut harness, "Second parameter of the sweep", "–");
    assert!(
        harness
            .query_by_label("Sweep 2: Cost of convergence")
            .is_some()
    );
    let seen = harness.state().as_seen();
    assert_eq!(seen.view.vary.len(), 1);
    assert!(seen.write().contains("vary = \"BOME.outer_step_size="));
    choose(&mut harness, "Parameter of the sweep", "inner steps");
    let vary = harness.state().as_seen().view.vary;
    assert_eq!(vary[0].parameter, "inner_steps");
}

#[rstest]
fn what_is_surveyed_is_saved_and_read_back() {
    for lines in [
        "kind = \"atlas\"\ngrid = 16\n",
        "kind = \"sweep\"\ngrid = 8\nvary = \"ITD.inner_steps=1:4:3\"\n",
        "kind = \"sweep\"\ngrid = 8\nvary = [\"ITD.inner_steps=1:4:3\", \"ITD.outer_step_size=0.01:0.1:2:log\"]\n",
    ] {
        let text = format!(
            "iterations = 20\n[problem]\nid = \"valleys\"\n[[method]]\nid = \"itd\"\nlabel = \"ITD\"\n[view]\n{lines}"
        );
        let experiment = Experiment::read("views", &text).expect("the experiment is right");
        assert!(
            experiment.write().ends_with(lines),
            "{}",
            experiment.write()
        );
        let harness = window_on("views", experiment.clone(), [1280.0, 720.0], Theme::Light);
        assert_eq!(
            harness.state().as_seen(),
            experiment,
            "nobody changed a view"
        );
    }
    for (line, reason) in [
        ("grid = 1", "`grid` must be a whole number from 2 to 1024"),
        ("vary = \"ITD.inner_steps\"", "must be LABEL.parameter="),
        ("vary = \"BOME.inner_steps=1:2:2\"", "there are ITD"),
        ("vary = [3]", "must be"),
    ] {
        let text = format!(
            "[problem]\nid = \"valleys\"\n[[method]]\nid = \"itd\"\nlabel = \"ITD\"\n[view]\n{line}\n"
        );
        let error = Experiment::read("x.toml", &text)
            .expect_err(line)
            .to_string();
        assert!(error.starts_with("x.toml:7:"), "{error}");
        assert!(error.contains(reason), "{error}");
    }
}

#[rstest]
fn atlas_and_sweep_are_drawn_on_paper() {
    let folder = tempfile::tempdir().expect("a folder");
    for (preset, view, words) in [
        ("pbgd-atlas", "atlas", "global minimum"),
        ("tri-cosresp", "atlas", "Reduced objective"),
        ("valleys-pad", "sweep", "Cost"),
    ] {
        let file = folder.path().join("small.toml");
        let mut small = coarse(preset, 6);
        small.iterations = 50;
        std::fs::write(&file, small.write()).expect("it is written");
        for ending in ["svg", "png"] {
            let out = folder.path().join(format!("figure.{ending}"));
            let output = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"))
                .args(["figure", file.to_str().expect("a plain path")])
                .args(["-o", out.to_str().expect("a plain path"), "--view", view])
                .output()
                .expect("the program starts");
            let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(0), "{complaint}");
            if ending == "svg" {
                let text = std::fs::read_to_string(&out).expect("a figure");
                assert!(text.contains(words), "{preset}");
                assert!(!text.contains("NaN"));
                let has_cells = text.contains("crispEdges");
                assert_eq!(has_cells, view == "atlas");
            }
        }
    }
}

#[rstest]
fn a_window_at_rest_on_an_atlas_asks_for_no_more_frames() {
    let mut harness = atlas(8, [1280.0, 720.0], Theme::Dark);
    for _ in 0..8 {
        harness.step();
    }
    let outputs = harness.output().viewport_output.values();
    let hour = std::time::Duration::from_hours(1);
    let mut delays = outputs.map(|output| output.repaint_delay);
    assert!(delays.all(|delay| delay > hour));
}

#[rstest]
#[case::atlas_720_light("pbgd-atlas", 48, [1280.0, 720.0], Theme::Light, "atlas-720-light")]
#[case::atlas_1080_dark("pbgd-atlas", 32, [1920.0, 1080.0], Theme::Dark, "atlas-1080-dark")]
#[case::strips_720_dark("tri-cosresp-atlas", 32, [1280.0, 720.0], Theme::Dark, "strips-720-dark")]
#[case::pad_720_light("valleys-pad", 6, [1280.0, 720.0], Theme::Light, "pad-720-light")]
#[case::sweep_720_dark("tri-cosresp-sweep", 16, [1280.0, 720.0], Theme::Dark, "sweep-720-dark")]
fn atlas_and_sweep_look_as_they_should(
    #[case] preset: &str,
    #[case] side: usize,
    #[case] size: [f32; 2],
    #[case] theme: Theme,
    #[case] name: &str,
) {
    let mut experiment = match preset {
        "tri-cosresp-atlas" => {
            let mut experiment = coarse("tri-cosresp", side);
            experiment.view.kind = Some(AtlasPicture::KIND);
            experiment
        }
        _ => coarse(preset, side),
    };
    if preset == "tri-cosresp-sweep" {
        experiment.view.vary = vec![
            "Exact.outer_step_size=0.02:0.5:6:log"
                .parse()
                .expect("a range"),
        ];
    }
    if preset.starts_with("tri") {
        experiment.iterations = 120;
    }
    let mut harness = window_on(name, experiment, size, theme);
    harness.state_mut().seek(200);
    settle(&mut harness);
    if name == "atlas-720-light" {
        support::assert_readme_picture("atlas", &picture(&mut harness));
    } else {
        assert_figures(&mut harness, name);
    }
}
