//! Notes on pictures in the window: placed, edited, moved, removed and undone, with the pointer and without.

use bilevel_files::{PictureNote, WindowLayout};
use bilevel_lab::app::App;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, Role, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support::driving::{click, press, settle, window, window_on};

const SIZE: [f32; 2] = [1280.0, 720.0];
const FIELD: &str = "Text of the note";

fn notes<'a>(harness: &'a Harness<'_, App>) -> &'a [PictureNote] {
    &harness.state().experiment().view.notes
}

fn texts<'a>(harness: &'a Harness<'_, App>) -> Vec<&'a str> {
    notes(harness).iter().map(|note| &*note.text).collect()
}

fn button(harness: &mut Harness<'_, App>, pos: Pos2, pressed: bool) {
    harness.event(Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    });
    harness.step();
}

fn click_at(harness: &mut Harness<'_, App>, at: Pos2) {
    harness.hover_at(at);
    harness.step();
    button(harness, at, true);
    button(harness, at, false);
    harness.run_steps(3);
}

fn drag(harness: &mut Harness<'_, App>, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.step();
    button(harness, from, true);
    for share in [0.3, 0.7, 1.0] {
        harness.hover_at(from + share * (to - from));
        harness.step();
    }
    button(harness, to, false);
    harness.run_steps(3);
}

fn undo(harness: &mut Harness<'_, App>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
}

/// Types a text into the open field, and ends it.
fn write(harness: &mut Harness<'_, App>, text: &str) {
    harness.get_by_label(FIELD).type_text(text);
    harness.run_steps(2);
    press(harness, Key::Enter);
    harness.run_steps(3);
}

/// The area over a picture.
fn area(harness: &Harness<'_, App>, name: &str) -> Rect {
    harness.get_by_label(&format!("Notes on {name}")).rect()
}

fn is_drawn(harness: &Harness<'_, App>, text: &str) -> bool {
    let words = format!("Notes: {text}");
    harness.query_all_by_label_contains(&words).count() > 0
}

fn in_layout(layout: WindowLayout) -> Harness<'static, App> {
    let mut experiment = bilevel_lab::embedded::open("pbgd").expect("the preset is right");
    experiment.view.layout = Some(layout);
    window_on("pbgd", experiment, SIZE, Theme::Light)
}

#[rstest]
fn a_note_is_placed_edited_moved_removed_and_every_step_undone(
    #[values(WindowLayout::Teach, WindowLayout::Compare, WindowLayout::Present)]
    layout: WindowLayout,
) {
    let mut harness = in_layout(layout);
    let starts = harness.state().experiment().starts.clone();
    let unmoved = figures(&harness);
    press(&mut harness, Key::C);
    settle(&mut harness);
    assert_eq!(figures(&harness), unmoved, "the pictures stay");
    let plot = area(&harness, "Landscape");
    let at = plot.center() + vec2(30.0, 10.0);
    click_at(&mut harness, at);
    write(&mut harness, "jumps at $x_1$");
    settle(&mut harness);
    assert_eq!(texts(&harness), ["jumps at $x_1$"]);
    assert!(harness.state().is_modified());
    assert!(is_drawn(&harness, "jumps at x1"));
    assert_eq!(notes(&harness)[0].view.word(), "landscape");
    let axes = ["x1[1]", "x2[1]"].map(str::to_owned);
    assert_eq!(notes(&harness)[0].axes, Some(axes));

    assert_eq!(figures(&harness), unmoved, "the pictures stay");

    // a click on it edits it
    let here = place(&harness);
    click_at(&mut harness, here);
    write(&mut harness, ", twice");
    assert_eq!(texts(&harness), ["jumps at $x_1$, twice"]);
    undo(&mut harness);
    assert_eq!(texts(&harness), ["jumps at $x_1$"]);

    // a drag of its text moves it in one step
    let before = notes(&harness)[0].clone();
    let here = place(&harness);
    drag(&mut harness, here, here + vec2(-60.0, 20.0));
    let after = notes(&harness)[0].clone();
    assert!(after.at[0] < before.at[0] && after.at[1] < before.at[1]);
    assert_eq!(after.text, before.text);
    undo(&mut harness);
    assert_eq!(notes(&harness)[0], before);

    // Delete removes the one under the pointer
    let here = place(&harness);
    harness.hover_at(here);
    harness.run_steps(2);
    press(&mut harness, Key::Delete);
    harness.run_steps(2);
    assert!(notes(&harness).is_empty());
    undo(&mut harness);
    assert_eq!(notes(&harness), [before]);
    undo(&mut harness);
    assert!(notes(&harness).is_empty());
    assert!(!harness.state().is_modified(), "nothing else was changed");
    assert_eq!(harness.state().experiment().starts, starts);

    // without the mode, a click moves the start as always
    press(&mut harness, Key::Escape);
    settle(&mut harness);
    assert!(harness.query_by_label("Notes on Landscape").is_none());
    let plot = harness.get_by_label_contains("Landscape").rect();
    click_at(&mut harness, plot.center() + vec2(40.0, 20.0));
    assert_ne!(harness.state().experiment().starts, starts);
    assert!(notes(&harness).is_empty());
}

/// The rectangles of the pictures.
fn figures(harness: &Harness<'_, App>) -> Vec<Rect> {
    let nodes = harness.root().children_recursive();
    let figures = nodes.filter(|node| node.accesskit_node().role() == Role::Figure);
    figures.map(|node| node.rect()).collect()
}

/// The middle of the first note's text on the screen.
fn place(harness: &Harness<'_, App>) -> Pos2 {
    let at = harness.state().note_on_screen(0);
    at.expect("it is shown").into()
}

#[rstest]
fn a_drag_places_a_text_with_an_arrow_whose_tip_can_be_dragged() {
    let mut harness = window("pbgd", SIZE, Theme::Light);
    press(&mut harness, Key::C);
    settle(&mut harness);
    let plot = area(&harness, "Landscape");
    let from = plot.center() + vec2(-80.0, 40.0);
    drag(&mut harness, from, from + vec2(90.0, -60.0));
    write(&mut harness, "here");
    settle(&mut harness);
    let note = notes(&harness)[0].clone();
    let tip = note.arrow.expect("it has an arrow");
    assert!(note.at[0] < tip[0] && note.at[1] < tip[1]);
    let on_screen = harness.state().tip_on_screen(0).expect("it is shown");
    let on_screen = Pos2::from(on_screen);
    drag(&mut harness, on_screen, on_screen + vec2(30.0, 0.0));
    let moved = notes(&harness)[0].clone();
    assert!(moved.arrow.expect("it stays")[0] > tip[0]);
    assert_eq!(moved.at, note.at);
    // an empty text removes a note
    let here = place(&harness);
    click_at(&mut harness, here);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    press(&mut harness, Key::Backspace);
    press(&mut harness, Key::Enter);
    harness.run_steps(3);
    assert!(notes(&harness).is_empty());
}

#[rstest]
fn escape_closes_the_field_first_and_a_click_beside_it_keeps_its_text() {
    let mut harness = window("pbgd", SIZE, Theme::Light);
    press(&mut harness, Key::C);
    settle(&mut harness);
    let plot = area(&harness, "Landscape");
    click_at(&mut harness, plot.center());
    assert!(harness.query_by_label(FIELD).is_some());
    press(&mut harness, Key::Escape);
    harness.run_steps(2);
    assert!(harness.query_by_label(FIELD).is_none());
    assert!(harness.query_by_label("Notes on Landscape").is_some());
    click_at(&mut harness, plot.center());
    harness.get_by_label(FIELD).type_text("kept");
    harness.run_steps(2);
    click_at(&mut harness, plot.center() + Vec2::splat(60.0));
    assert_eq!(texts(&harness), ["kept"]);
    // the click has begun another note, which nothing was written in
    for _ in 0..2 {
        press(&mut harness, Key::Escape);
        harness.run_steps(3);
    }
    assert_eq!(texts(&harness), ["kept"]);
    assert!(harness.query_by_label("Notes on Landscape").is_none());
}

#[rstest]
fn what_is_typed_after_a_click_is_the_text_of_a_note_and_no_shortcut() {
    let mut harness = window("pbgd", SIZE, Theme::Light);
    press(&mut harness, Key::C);
    settle(&mut harness);
    let plot = area(&harness, "Landscape");
    let before = harness.state().experiment().clone();
    let visible = harness.query_all_by_label_contains("click to hide").count();
    click_at(&mut harness, plot.center());
    // an empty field goes along with the next click, and stays through one beside the pictures
    let to = plot.center() + vec2(-60.0, 30.0);
    click_at(&mut harness, to);
    click_at(&mut harness, Pos2::new(SIZE[0] - 4.0, 0.5 * SIZE[1]));
    // a key hides the first method, but not here
    press(&mut harness, Key::Num1);
    harness.event(Event::Text("1".to_owned()));
    harness.run_steps(2);
    assert_eq!(
        harness.query_all_by_label_contains("click to hide").count(),
        visible
    );
    press(&mut harness, Key::Enter);
    harness.run_steps(3);
    assert_eq!(texts(&harness), ["1"]);
    let mut after = harness.state().experiment().clone();
    after.view.notes.clear();
    assert_eq!(after, before);
    let here = place(&harness);
    assert!((here - to).length() < 2.0, "{here:?} {to:?}");
    // in the frame after the click, before the field has the keyboard
    harness.hover_at(plot.center());
    harness.step();
    button(&mut harness, plot.center(), true);
    button(&mut harness, plot.center(), false);
    harness.key_press(Key::Num1);
    harness.event(Event::Text("2".to_owned()));
    harness.run_steps(3);
    press(&mut harness, Key::Enter);
    harness.run_steps(3);
    assert_eq!(texts(&harness), ["1", "2"]);
}

#[rstest]
fn an_unclosed_formula_is_shown_as_typed_with_a_hint() {
    let mut harness = window("pbgd", SIZE, Theme::Light);
    press(&mut harness, Key::C);
    settle(&mut harness);
    click(&mut harness, "Add to Landscape");
    write(&mut harness, "at $\\frac{1$");
    settle(&mut harness);
    assert!(is_drawn(&harness, "at $\\frac{1$"));
    let hints = |harness: &Harness<'_, App>| {
        let hints = harness.query_all_by_label_contains("Shown as typed");
        hints.count()
    };
    assert_eq!(hints(&harness), 1);
    let here = place(&harness);
    click_at(&mut harness, here);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    write(&mut harness, "at $x_1$");
    settle(&mut harness);
    assert!(is_drawn(&harness, "at x1"));
    assert_eq!(hints(&harness), 0);
}

#[rstest]
fn a_picture_says_which_notes_do_not_fit() {
    let mut experiment = bilevel_lab::embedded::open("pbgd").expect("the preset is right");
    let words =
        "a note of so many words that they do not fit in a chart that is as low as this one"
            .repeat(2);
    let note = |at: [f64; 2]| PictureNote {
        view: bilevel_files::views::find("race").expect("it is a view"),
        figure: 2,
        axes: None,
        at,
        text: words.clone(),
        arrow: None,
    };
    experiment.view.layout = Some(WindowLayout::Compare);
    experiment.view.notes = vec![note([100.0, 1e-3]), note([100.0, 1e200])];
    let mut harness = window_on("pbgd", experiment, SIZE, Theme::Light);
    let said = |harness: &Harness<'_, App>| {
        let said = harness.query_all_by_label_contains("1 note does not fit");
        said.count()
    };
    assert_eq!(said(&harness), 1);
    press(&mut harness, Key::C);
    settle(&mut harness);
    assert_eq!(said(&harness), 1);
    assert!(
        harness
            .query_all_by_label_contains("too small for it")
            .count()
            > 0
    );
}

#[rstest]
fn notes_are_written_without_a_pointer() {
    let mut harness = window("pbgd", SIZE, Theme::Light);
    press(&mut harness, Key::C);
    settle(&mut harness);
    click(&mut harness, "Add to Race");
    write(&mut harness, "fast");
    settle(&mut harness);
    assert_eq!(texts(&harness), ["fast"]);
    let axes = notes(&harness)[0].axes.clone().expect("it has axes");
    assert_eq!(axes[0], "iterations");
    harness.get_by_label("Text of note 1").focus();
    harness.run_steps(2);
    press(&mut harness, Key::End);
    harness.get_by_label("Text of note 1").type_text("er");
    harness.run_steps(3);
    assert_eq!(texts(&harness), ["faster"]);
    click(&mut harness, "Arrow of note 1");
    assert!(notes(&harness)[0].arrow.is_some());
    click(&mut harness, "Remove note 1");
    assert!(notes(&harness).is_empty());
    undo(&mut harness);
    assert_eq!(texts(&harness), ["faster"]);
}

#[rstest]
fn a_note_is_hidden_on_other_axes_and_while_a_prediction_hides_the_runs() {
    let mut experiment = bilevel_lab::embedded::open("pbgd").expect("the preset is right");
    let note = |view: &str, axes: Option<[&str; 2]>, text: &str| PictureNote {
        view: bilevel_files::views::find(view).expect("it is a view"),
        figure: 1,
        axes: axes.map(|axes| axes.map(str::to_owned)),
        at: [1.0, 1.0],
        text: text.to_owned(),
        arrow: None,
    };
    experiment.view.notes = vec![
        note("landscape", Some(["x2[1]", "x1[1]"]), "other plane"),
        note("landscape", None, "any plane"),
    ];
    let mut harness = window_on("pbgd", experiment, SIZE, Theme::Light);
    assert!(is_drawn(&harness, "any plane"));
    press(&mut harness, Key::M);
    settle(&mut harness);
    assert!(!is_drawn(&harness, "any plane"));
    // and none can be written
    press(&mut harness, Key::C);
    harness.run_steps(2);
    assert!(harness.query_by_label("Notes on Landscape").is_none());
    click(&mut harness, "Reveal");
    settle(&mut harness);
    assert!(is_drawn(&harness, "any plane"));
    assert_eq!(notes(&harness).len(), 2, "they are kept all the time");
}
