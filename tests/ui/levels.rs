//! Problems with three and more levels in the window: the levels side by side, the landscape in their place, the race.

use std::path::PathBuf;

use bilevel::problem;
use bilevel_files::{Experiment, StartSpec};
use bilevel_lab::app::App;
use egui::{Key, Theme, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support;
use crate::support::choosing::choose;
use crate::support::driving::{assert_figures, name_of, picture, press, settle, window, window_on};

/// An exact method, and two that stop their inner loops early.
fn experiment(problem: &str, settings: &str, view: &str) -> Experiment {
    let text = format!(
        "title = \"Levels\"\niterations = 60\n[problem]\nid = \"{problem}\"\n{settings}\n\
         [[method]]\nid = \"implicit\"\nouter_step_size = 0.2\n\
         [[method]]\nid = \"itd\"\nlabel = \"ITD, T = 3\"\nouter_step_size = 0.2\n\
         inner_step_size = 0.2\ninner_steps = 3\n\
         [[method]]\nid = \"itd\"\nlabel = \"ITD, T = 20\"\nouter_step_size = 0.2\n\
         inner_step_size = 0.2\ninner_steps = 20\n[view]\n{view}\n"
    );
    Experiment::read("levels", &text).expect("the experiment is right")
}

fn stackelberg() -> Experiment {
    experiment("stackelberg", "players = 3", "race_y = \"mse\"")
}

#[rstest]
fn levels_look_as_they_should_in_both_themes() {
    for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        for (name, experiment, size) in [
            ("stackelberg-720", stackelberg(), [1280.0, 720.0]),
            (
                "tri-sin-1080",
                experiment("tri-sin", "", "layout = \"compare\""),
                [1920.0, 1080.0],
            ),
        ] {
            let mut harness = window_on(name, experiment, size, theme);
            harness.state_mut().seek(4);
            settle(&mut harness);
            if name == "stackelberg-720" && theme == Theme::Light {
                support::assert_readme_picture("stackelberg", &picture(&mut harness));
            } else {
                assert_figures(&mut harness, &format!("{name}-{word}"));
            }
        }
    }
}

#[rstest]
fn a_problem_of_many_levels_begins_with_its_levels_and_one_of_two_with_its_landscape() {
    let mut harness = window_on("stackelberg", stackelberg(), [1280.0, 720.0], Theme::Light);
    let columns = |harness: &Harness<'_, App>| {
        let is_there = |level: &usize| harness.query_by_label(&format!("Level {level}")).is_some();
        (1..=9).filter(is_there).count()
    };
    assert_eq!(columns(&harness), 3);
    press(&mut harness, Key::V);
    settle(&mut harness);
    assert_eq!(columns(&harness), 0);
    assert!(harness.query_by_label("Landscape").is_some());
    choose(&mut harness, "View of the runs", "levels");
    assert_eq!(columns(&harness), 3);
    let mut harness = window("valleys", [1280.0, 720.0], Theme::Light);
    assert_eq!(columns(&harness), 0);
    choose(&mut harness, "View of the runs", "levels");
    assert_eq!(columns(&harness), 2);
}

#[rstest]
fn what_is_saved_shows_what_was_seen() {
    let mut harness = window_on("stackelberg", stackelberg(), [1280.0, 720.0], Theme::Light);
    let opened = harness.state().experiment().clone();
    assert_eq!(harness.state().as_seen(), opened, "nobody changed a view");
    press(&mut harness, Key::V);
    settle(&mut harness);
    let race = harness.get_all_by_label("Measure of the race").next();
    race.expect("the race says what it compares").click();
    harness.run_steps(3);
    harness.get_by_label("distance").click();
    harness.run_steps(3);
    settle(&mut harness);
    let text = harness.state().as_seen().write();
    assert!(text.contains("kind = \"landscape\""), "{text}");
    assert!(text.contains("race_y = \"distance\""), "{text}");
    let again = Experiment::read("saved", &text).expect("what is saved can be opened");
    let harness = window_on("saved", again.clone(), [1280.0, 720.0], Theme::Light);
    assert!(harness.query_by_label("Landscape").is_some());
    assert_eq!(harness.state().as_seen(), again);
}

#[rstest]
fn every_problem_can_be_seen_level_by_level_and_as_a_landscape_in_any_window(
    #[files("crates/bilevel/src/problem/benchmark/toys/*.rs")]
    #[files("crates/bilevel/src/problem/benchmark/planar/*.rs")]
    #[files("crates/bilevel/src/problem/benchmark/multilevel/*.rs")]
    #[exclude("mod.rs|common.rs")]
    benchmark: PathBuf,
) {
    let entry = problem::find(&name_of(&benchmark)).expect("a benchmark is called as its file");
    for size in [[1280.0, 720.0], [300.0, 240.0]] {
        let experiment = experiment(entry.id, "", "kind = \"levels\"");
        let mut harness = window_on(entry.id, experiment, size, Theme::Dark);
        harness.state_mut().seek(3);
        settle(&mut harness);
        assert!(harness.query_by_label("Level 1").is_some(), "{}", entry.id);
        let _picture = harness.render().expect("the renderer draws everything");
        press(&mut harness, Key::V);
        settle(&mut harness);
        let _picture = harness.render().expect("the renderer draws everything");
    }
}

#[rstest]
fn a_start_is_dragged_along_its_level() {
    let mut harness = window_on("stackelberg", stackelberg(), [1280.0, 720.0], Theme::Light);
    let start = |harness: &Harness<'_, App>| match &harness.state().experiment().starts[..] {
        [StartSpec::At(point)] => point.values().to_vec(),
        _ => vec![1.0; 3],
    };
    // all runs start at 1, and level 1 is shown from −1 to 9
    let plot = harness.get_by_label("Level 1").rect();
    let right = plot.left() + plot.width() * 0.7;
    let to = egui::pos2(right, plot.center().y);
    harness.drag_at(to);
    harness.step();
    harness.drop_at(to);
    harness.step();
    settle(&mut harness);
    let clicked = start(&harness);
    assert!(
        (clicked[0] - 6.0).abs() < 0.1,
        "a click puts it there: {clicked:?}"
    );
    assert_eq!(clicked[1..], [1.0, 1.0], "the other levels stay");
    let plot = harness.get_by_label("Level 2").rect();
    let to = plot.center() + Vec2::new(0.3 * plot.width(), 0.0);
    harness.drag_at(to);
    harness.step();
    harness.drop_at(to);
    harness.step();
    settle(&mut harness);
    assert!(
        (start(&harness)[1] - 3.8).abs() < 0.1,
        "{:?}",
        start(&harness)
    );
}

#[rstest]
fn a_window_at_rest_on_levels_asks_for_no_more_frames() {
    let mut harness = window_on("stackelberg", stackelberg(), [1280.0, 720.0], Theme::Light);
    harness.state_mut().seek(9);
    settle(&mut harness);
    for _ in 0..5 {
        harness.step();
    }
    let outputs = harness.output().viewport_output.values();
    let hour = std::time::Duration::from_hours(1);
    assert!(
        outputs
            .map(|output| output.repaint_delay)
            .all(|delay| delay > hour)
    );
}

#[rstest]
fn one_slider_sets_the_noise_of_all_methods_that_know_it() {
    let mut harness = window("noise", [1280.0, 720.0], Theme::Light);
    harness.get_by_label("Noise of all methods, typed").focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness
        .get_by_label("Noise of all methods, typed")
        .type_text("0.05");
    harness.key_press(Key::Enter);
    harness.run_steps(4);
    let methods = &harness.state().experiment().methods;
    assert_eq!(methods.len(), 3);
    for method in methods {
        assert_eq!(method.settings.number("gradient_noise"), 0.05);
    }
    let harness = window("welcome", [1280.0, 720.0], Theme::Light);
    assert!(harness.query_by_label("Noise of all methods").is_none());
}

#[rstest]
fn contours_of_the_reduced_objective_can_be_had_where_both_variables_of_a_leader_are_shown() {
    let size = [1280.0, 720.0];
    let text = "iterations = 3\n[problem]\nid = \"chain\"\n[[method]]\nid = \"implicit\"\n\
                [view]\nkind = \"landscape\"\nplane = [\"x1[1]\", \"x1[2]\"]\n";
    let chain = Experiment::read("chain", text).expect("the experiment is right");
    let mut harness = window_on("chain", chain, size, Theme::Light);
    let before = harness.render().expect("the renderer draws everything");
    harness.get_by_label("φ").click();
    settle(&mut harness);
    let after = harness.render().expect("the renderer draws everything");
    assert!(before != after, "there are other contours");
    let other = window("valleys", size, Theme::Light);
    assert!(
        other.query_by_label("φ").is_none(),
        "a leader of one variable has a curve"
    );
}
