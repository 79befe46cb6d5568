//! Predictions in the window: guesses are made and compared with the ends, and nothing shows what comes after the playhead.

use bilevel::problem::ParameterValue;
use bilevel_figure::{chosen_views, view};
use bilevel_files::{Experiment, ForkPoint, ViewKind, WindowLayout};
use bilevel_lab::app::App;
use egui::{Event, Key, Modifiers, Pos2, Theme, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use image::RgbaImage;
use rstest::rstest;

use crate::support::driving::{app, click, ended, picture, press, settle, window, window_on};
use crate::support::harness;

const SIZE: [f32; 2] = [1280.0, 720.0];
/// The iteration from which two experiments differ.
const FORK: u64 = 20;

fn kind_of(word: &str) -> Option<ViewKind> {
    chosen_views().find(|kind| kind.word() == word)
}

pub(crate) fn says(harness: &Harness<'_, App>, words: &str) -> bool {
    harness.query_all_by_label_contains(words).count() > 0
}

/// The nodes of the accessibility tree, a line each.
pub(crate) fn nodes(harness: &Harness<'_, App>) -> Vec<String> {
    let nodes = harness.root().children_recursive().map(|node| {
        let inner = node.accesskit_node();
        let (role, label, value) = (inner.role(), inner.label(), inner.value());
        format!("{role:?} {label:?} {value:?} {:?}", inner.bounding_box())
    });
    nodes.collect()
}

/// True if no pixel differs by more than one step: glyphs that a window has drawn before others lie elsewhere in its texture,
/// and their edges are rounded differently.
pub(crate) fn is_same(one: &RgbaImage, other: &RgbaImage) -> bool {
    let mut steps = one.as_raw().iter().zip(other.as_raw());
    one.dimensions() == other.dimensions() && steps.all(|(a, b)| a.abs_diff(*b) <= 1)
}

fn click_at(harness: &mut Harness<'_, App>, at: Pos2) {
    harness.hover_at(at);
    harness.step();
    for pressed in [true, false] {
        harness.event(Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        harness.step();
    }
    harness.run_steps(2);
}

pub(crate) fn write_initials(harness: &mut Harness<'_, App>, initials: &str) {
    harness.get_by_label("Initials of the guess").focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness
        .get_by_label("Initials of the guess")
        .type_text(initials);
    harness.run_steps(3);
}

/// The last iteration of every run.
fn iterations(harness: &Harness<'_, App>) -> Vec<u64> {
    harness.state().records().map(|(_, it)| it).collect()
}

/// Plays what is revealed to its end.
fn play_to_the_end(harness: &mut Harness<'_, App>) {
    settle(harness);
    press(harness, Key::End);
    settle(harness);
}

#[rstest]
fn a_prediction_ends_the_runs_at_the_playhead_until_it_is_revealed() {
    let mut harness = ended("pbgd", SIZE);
    harness.state_mut().seek(30);
    settle(&mut harness);
    press(&mut harness, Key::M);
    settle(&mut harness);
    assert!(says(&harness, "The runs are hidden after iteration 30"));
    assert!(iterations(&harness).iter().all(|it| *it <= 30));
    assert_eq!(harness.state().iteration(), 30);
    // neither the end nor the key of the next event leads beyond
    press(&mut harness, Key::End);
    press(&mut harness, Key::N);
    settle(&mut harness);
    assert_eq!(harness.state().iteration(), 30);

    let plot = harness.get_by_label("Landscape").rect();
    for (initials, [x, y]) in [("AB", [-60.0, 20.0]), ("CD", [165.0, 100.0])] {
        write_initials(&mut harness, initials);
        click_at(&mut harness, plot.center() + Vec2::new(x, y));
        assert!(
            harness
                .query_by_label(&format!("Remove the guess of {initials}"))
                .is_some()
        );
    }
    let start = harness.state().experiment().starts.clone();
    click(&mut harness, "Reveal");
    play_to_the_end(&mut harness);
    assert_eq!(
        harness.state().experiment().starts,
        start,
        "clicks place marks alone"
    );
    assert!(iterations(&harness).contains(&500));
    assert!(says(&harness, "BOME: global optimum"));
    for words in [
        "AB",
        "CD",
        "away",
        "in the right valley",
        "in another valley",
    ] {
        assert!(says(&harness, words), "{words}");
    }
    press(&mut harness, Key::M);
    settle(&mut harness);
    assert!(!says(&harness, "Predict"));
}

#[rstest]
fn an_order_is_compared_pair_by_pair() {
    let mut harness = window("same-gap", SIZE, Theme::Light);
    press(&mut harness, Key::M);
    settle(&mut harness);
    click(&mut harness, "Who ends best?");
    for label in ["AID-CG", "AID-CG, T = 30", "ITD"] {
        let buttons = harness.query_all_by_role_and_label(egui::Role::Button, label);
        buttons.last().expect("a button").click();
        harness.run_steps(4);
    }
    click(&mut harness, "Reveal");
    play_to_the_end(&mut harness);
    assert!(says(
        &harness,
        "The order is 1. AID-CG · 2. ITD · 3. AID-CG, T = 30."
    ));
    assert!(says(&harness, "guess 2 of 3 pairs right"));
}

#[rstest]
fn a_hidden_optimum_is_in_no_picture_and_no_table_until_it_is_revealed() {
    let mut harness = ended("valleys", SIZE);
    assert!(
        harness
            .query_by_label_contains("Reduced objective")
            .is_some()
    );
    harness.state_mut().seek(0);
    press(&mut harness, Key::M);
    click(&mut harness, "hide the optimum and φ");
    settle(&mut harness);
    for words in ["optimum 1", "Optimum", "global", "minimum", "φ"] {
        let shown = harness.query_all_by_label_contains(words);
        let shown: Vec<String> = shown
            .filter_map(|node| node.accesskit_node().label())
            .filter(|label| label != "hide the optimum and φ" && !label.contains("Hidden until"))
            .collect();
        assert!(shown.is_empty(), "{words}: {shown:?}");
    }
    assert!(
        harness
            .query_by_label_contains("Reduced objective")
            .is_none()
    );
    click(&mut harness, "Reveal");
    play_to_the_end(&mut harness);
    assert!(
        harness
            .query_by_label_contains("Reduced objective")
            .is_some()
    );
    assert!(says(&harness, "global optimum"));
}

#[rstest]
#[case("atlas")]
#[case("anatomy")]
#[case("compass")]
fn views_that_compute_beyond_the_playhead_are_hidden(#[case] kind: &str) {
    let mut experiment = bilevel_lab::embedded::open("pbgd").expect("the preset is right");
    experiment.view.kind = kind_of(kind);
    experiment.view.grid = Some(4);
    let mut harness = window_on("pbgd", experiment, SIZE, Theme::Light);
    press(&mut harness, Key::M);
    settle(&mut harness);
    assert!(says(&harness, "Hidden until you reveal"));
    press(&mut harness, Key::U);
    settle(&mut harness);
    assert!(says(&harness, "Tuning would give away"));
}

#[rstest]
fn a_window_that_has_seen_the_ends_shows_no_more_than_one_that_has_not() {
    let mut seen = ended("pbgd", SIZE);
    press(&mut seen, Key::Home);
    press(&mut seen, Key::M);
    settle(&mut seen);
    // no run of this one has begun
    let mut unseen = harness(SIZE, Theme::Light).build_eframe(|creation| {
        creation.egui_ctx.set_theme(Theme::Light);
        app(&creation.egui_ctx, "pbgd", open("pbgd"))
    });
    unseen.state_mut().seek(0);
    press(&mut unseen, Key::M);
    assert_eq!(iterations(&unseen).into_iter().max(), Some(0));
    settle(&mut unseen);
    assert_eq!(nodes(&seen), nodes(&unseen));
    assert!(is_same(&picture(&mut seen), &picture(&mut unseen)));
}

pub(crate) fn open(preset: &str) -> Experiment {
    bilevel_lab::embedded::open(preset).expect("the preset is right")
}

/// The first method of a preset, and a branch of it that takes steps of another length after [`FORK`].
fn with_branch(preset: &str, kind: &str, factor: f64) -> Option<Experiment> {
    let mut experiment = open(preset);
    experiment.methods.truncate(1);
    let mut branch = experiment.methods[0].clone();
    "branch".clone_into(&mut branch.label);
    branch.from = Some(ForkPoint {
        run: experiment.methods[0].label.clone(),
        k: FORK,
    });
    let step = branch.settings.number("outer_step_size");
    let step = ParameterValue::Number(factor * step);
    let is_set = branch.settings.set("outer_step_size", step);
    is_set.expect("the step is allowed");
    experiment.methods.push(branch);
    experiment.iterations = 60;
    experiment.view.kind = kind_of(kind);
    experiment.view.layout = Some(WindowLayout::Present);
    let problem = experiment.problem.build();
    let applies = view(experiment.view.kind?).needs(&*problem).is_ok();
    applies.then_some(experiment)
}

#[rstest]
fn two_futures_look_the_same_up_to_the_playhead(
    #[values("welcome", "pbgd", "valleys", "tanh-doublewell", "sine", "stackelberg")] preset: &str,
) {
    for kind in ["landscape", "levels", "feasibility", "slice"] {
        // steps that are a million times as long leave every bound
        let futures = [1.5, 1e6].map(|factor| {
            let mut harness = window_on(
                "own",
                with_branch(preset, kind, factor)?,
                SIZE,
                Theme::Light,
            );
            harness.state_mut().seek(FORK);
            settle(&mut harness);
            press(&mut harness, Key::M);
            settle(&mut harness);
            let shown = (nodes(&harness), picture(&mut harness));
            click(&mut harness, "Reveal");
            play_to_the_end(&mut harness);
            let trace = harness.state().records().nth(1).expect("a branch").0;
            Some((shown, trace.all_values().to_vec()))
        });
        let [Some((one, its_values)), Some((other, other_values))] = futures else {
            continue;
        };
        assert_ne!(its_values, other_values, "{kind}: the futures differ");
        assert_eq!(one.0, other.0, "{kind}");
        assert!(is_same(&one.1, &other.1), "{kind}: the pictures differ");
    }
}

#[rstest]
fn a_step_after_a_prediction_shows_its_own_end() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    let lesson = bilevel_files::open_lesson("what-is-bilevel").expect("it is built in");
    let asks = |number: usize| lesson.steps[number].prediction.is_some();
    assert!(asks(4) && !asks(5));
    harness
        .state_mut()
        .begin_lesson("what-is-bilevel", lesson.clone());
    for _ in 0..4 {
        press(&mut harness, Key::PageDown);
        settle(&mut harness);
    }
    assert!(says(&harness, "The runs are hidden after iteration 0"));
    assert_eq!(harness.state().iteration(), 0);
    press(&mut harness, Key::PageDown);
    settle(&mut harness);
    assert!(!says(&harness, "The runs are hidden"));
    assert_eq!(harness.state().iteration(), 200);
}

#[rstest]
fn no_dialog_gives_a_hidden_optimum_away() {
    let mut harness = ended("valleys", SIZE);
    harness.state_mut().seek(0);
    press(&mut harness, Key::M);
    click(&mut harness, "hide the optimum and φ");
    settle(&mut harness);
    press(&mut harness, Key::E);
    settle(&mut harness);
    assert!(says(&harness, "Hidden until you reveal"));
    assert!(
        harness.query_by_label("File").is_none(),
        "no dialog for exports"
    );
    press(&mut harness, Key::W);
    assert!(says(&harness, "The gallery may give away"));
    click(&mut harness, "Edit formulas");
    settle(&mut harness);
    assert!(says(
        &harness,
        "The problem stays while its runs are predicted"
    ));
    assert_eq!(harness.state().experiment().problem.entry.id, "valleys");
}
