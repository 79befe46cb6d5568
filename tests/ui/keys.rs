//! Keys, undo and redo, the sheet of keys and the palette, driven without a screen.

use bilevel_figure::chosen_views;
use bilevel_lab::app::App;
use egui::{Key, Modifiers, Rect, Role, Theme, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rstest::rstest;

use crate::support;
use crate::support::driving::{click, press, settle, short_window, window};

const SIZE: [f32; 2] = [1280.0, 720.0];

fn press_with(harness: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.step();
    harness.step();
}

fn undo(harness: &mut Harness<'_, App>) {
    press_with(harness, Modifiers::COMMAND, Key::Z);
}

fn redo(harness: &mut Harness<'_, App>) {
    press_with(harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
}

/// Presses at a position, moves in steps and releases.
fn drag(harness: &mut Harness<'_, App>, from: egui::Pos2, by: Vec2) {
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    for share in [0.2, 0.5, 0.8, 1.0] {
        harness.hover_at(from + by * share);
        harness.step();
        harness.step();
    }
    harness.drop_at(from + by);
    harness.step();
    harness.step();
}

fn step_size(harness: &Harness<'_, App>) -> f64 {
    harness.state().experiment().methods[0]
        .settings
        .number("outer_step_size")
}

fn start(harness: &Harness<'_, App>) -> String {
    format!("{:?}", harness.state().experiment().starts)
}

/// The labels of the visible methods.
fn shown(harness: &Harness<'_, App>) -> Vec<String> {
    let methods = &harness.state().experiment().methods;
    methods
        .iter()
        .map(|method| method.label.clone())
        .filter(|label| harness.query_by_label(&format!("Hide {label}")).is_some())
        .collect()
}

fn is_enabled(harness: &Harness<'_, App>, label: &str) -> bool {
    !harness.get_by_label(label).accesskit_node().is_disabled()
}

#[rstest]
fn a_drag_of_a_slider_is_one_step_to_undo_and_redo() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    assert!(!is_enabled(&harness, "Undo (Ctrl Z)"));
    let before = step_size(&harness);
    let slider = harness
        .get_by_role_and_label(Role::Slider, "outer step of BOME")
        .rect();
    drag(&mut harness, slider.center(), Vec2::new(20.0, 0.0));
    let after = step_size(&harness);
    assert!(before < after, "{before} → {after}");
    assert!(harness.state().is_modified());
    undo(&mut harness);
    assert_eq!(step_size(&harness), before);
    assert!(!harness.state().is_modified());
    assert!(!is_enabled(&harness, "Undo (Ctrl Z)"));
    redo(&mut harness);
    assert_eq!(step_size(&harness), after);
    assert!(harness.state().is_modified());
    assert!(!is_enabled(&harness, "Redo (Ctrl Shift Z)"));
    // a second drag is a second step
    drag(
        &mut harness,
        slider.center() + Vec2::new(20.0, 0.0),
        Vec2::new(20.0, 0.0),
    );
    assert!(after < step_size(&harness));
    click(&mut harness, "Undo (Ctrl Z)");
    assert_eq!(step_size(&harness), after);
    press_with(&mut harness, Modifiers::COMMAND, Key::Y);
    assert!(after < step_size(&harness));
}

#[rstest]
fn a_start_that_was_dragged_goes_back_in_one_step() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    let given = start(&harness);
    let plot = harness.get_by_label("Landscape").rect();
    // a click moves the start to where it can be gripped
    harness.drag_at(plot.center());
    harness.step();
    harness.drop_at(plot.center());
    harness.step();
    settle(&mut harness);
    let clicked = start(&harness);
    assert_ne!(given, clicked);
    drag(&mut harness, plot.center(), Vec2::new(80.0, -30.0));
    settle(&mut harness);
    let dragged = start(&harness);
    assert_ne!(clicked, dragged);
    undo(&mut harness);
    assert_eq!(start(&harness), clicked);
    undo(&mut harness);
    assert_eq!(start(&harness), given);
    redo(&mut harness);
    redo(&mut harness);
    assert_eq!(start(&harness), dragged);
    // a change of the view is no step
    press(&mut harness, Key::L);
    press(&mut harness, Key::Num1);
    click(&mut harness, "Random");
    undo(&mut harness);
    assert_eq!(start(&harness), dragged);
}

#[rstest]
fn methods_come_and_go_and_keep_their_eyes() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    press(&mut harness, Key::Num3);
    let before = shown(&harness);
    click(&mut harness, "Menu of BOME");
    click(&mut harness, "Remove");
    settle(&mut harness);
    assert_eq!(shown(&harness), ["ITD", "BSG-1"]);
    undo(&mut harness);
    settle(&mut harness);
    assert_eq!(shown(&harness), before);
    redo(&mut harness);
    assert_eq!(harness.state().experiment().methods.len(), 3);
    settle(&mut harness);
}

#[rstest]
fn undo_goes_back_across_a_change_of_problem_with_its_name() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    click(&mut harness, "Random");
    let edited = harness.state().experiment().clone();
    click(&mut harness, "Benchmark");
    harness
        .get_by_role_and_label(Role::Button, "Mini-max game")
        .click();
    harness.run_steps(4);
    assert_eq!(harness.state().name(), "minimax");
    assert!(!harness.state().is_modified());
    click(&mut harness, "Random");
    assert!(harness.state().is_modified());
    undo(&mut harness);
    assert!(!harness.state().is_modified());
    undo(&mut harness);
    assert_eq!(harness.state().name(), "welcome");
    assert!(harness.state().is_modified());
    assert_eq!(harness.state().experiment(), &edited);
    redo(&mut harness);
    assert_eq!(harness.state().name(), "minimax");
    assert_eq!(harness.state().experiment().problem.entry.id, "minimax");
    harness.state_mut().seek(0);
    settle(&mut harness);
}

#[rstest]
fn digits_toggle_methods_and_alt_isolates_one() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    let all = shown(&harness);
    assert_eq!(all.len(), 4);
    press(&mut harness, Key::Num2);
    assert_eq!(shown(&harness), ["BOME", "AID-CG", "BSG-1"]);
    press(&mut harness, Key::Num2);
    press(&mut harness, Key::Num8);
    assert_eq!(shown(&harness), all);
    press_with(&mut harness, Modifiers::ALT, Key::Num3);
    assert_eq!(shown(&harness), ["AID-CG"]);
    press_with(&mut harness, Modifiers::ALT, Key::Num4);
    assert_eq!(shown(&harness), ["BSG-1"]);
    press_with(&mut harness, Modifiers::ALT, Key::Num4);
    assert_eq!(shown(&harness), all);
}

#[rstest]
fn the_palette_filters_by_words_acts_on_return_and_closes_on_escape() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    let field = |harness: &Harness<'_, App>| harness.query_by_label("Find a command").is_some();
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    assert!(field(&harness));
    harness.get_by_label("Find a command").type_text("BOME add");
    harness.step();
    assert!(harness.query_by_label("Add method: BOME").is_some());
    assert!(harness.query_by_label("Add method: ITD").is_none());
    press(&mut harness, Key::Enter);
    assert!(!field(&harness));
    assert_eq!(harness.state().experiment().methods.len(), 5);
    // words that begin a word come first: the second row
    click(&mut harness, "Command (Ctrl K)");
    let field_of = harness.get_by_label("Find a command");
    field_of.type_text("iterations forward");
    harness.step();
    for key in [Key::ArrowDown, Key::ArrowUp, Key::ArrowDown, Key::Enter] {
        press(&mut harness, key);
    }
    assert_eq!(harness.state().iteration(), 100);
    // by mouse
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    let field_of = harness.get_by_label("Find a command");
    field_of.type_text("isolate");
    harness.step();
    click(&mut harness, "Isolate: ITD");
    assert!(!field(&harness));
    settle(&mut harness);
    assert_eq!(shown(&harness), ["ITD"]);
    // without a match, Enter does nothing and Escape closes
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    harness.get_by_label("Find a command").type_text("xyzzy");
    harness.step();
    let sentence = "No command has all of these words.";
    assert!(harness.query_by_label(sentence).is_some());
    press(&mut harness, Key::Enter);
    assert!(field(&harness));
    press(&mut harness, Key::Escape);
    assert!(!field(&harness));
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    assert!(!field(&harness));
}

/// The names of the controls that are shown and enabled.
fn controls(harness: &Harness<'_, App>) -> Vec<String> {
    let is_control = |role| {
        matches!(
            role,
            Role::Button
                | Role::Link
                | Role::RadioButton
                | Role::CheckBox
                | Role::ComboBox
                | Role::Slider
                | Role::SpinButton
                | Role::TextInput
                | Role::MultilineTextInput
        )
    };
    let nodes = harness.root().children_recursive();
    let nodes = nodes.filter(|node| is_control(node.accesskit_node().role()));
    let enabled = nodes.filter(|node| !node.accesskit_node().is_disabled());
    enabled
        .map(|node| {
            let name = node.accesskit_node().label().unwrap_or_default();
            assert!(
                !name.is_empty(),
                "a control without a name at {}",
                node.rect()
            );
            name
        })
        .collect()
}

/// True if a row of the palette does the same as a control.
fn has_row(rows: &[String], control: &str) -> bool {
    // the values of these have rows of their own
    let choosers = [
        ("View of the runs", "View: "),
        ("Layout", "Layout: "),
        ("Speed", "Speed: "),
        ("Measure of the race", "Compare: "),
        ("Cost of the race", "Compare over: "),
    ];
    if let Some((_, kind)) = choosers.iter().find(|(name, _)| *name == control) {
        return rows.iter().any(|row| row.starts_with(kind));
    }
    let preset = format!("Open preset: {control} (");
    if rows.iter().any(|row| row.starts_with(&preset)) {
        return true;
    }
    // the button of an action has the action's words or a shorter word
    let of_action = [
        ("Export", "Export a figure or data"),
        ("Tune…", "Tune step sizes of all methods"),
        ("Papers", "Two papers, claim by claim"),
        ("What you see", "Show or hide the explanation"),
        ("Keys", "Keyboard shortcuts"),
        ("Command (Ctrl K)", "Find a command"),
        ("Reset", "Start from the problem's own start"),
        ("Random", "Start somewhere in the picture"),
        ("Remove start", "Remove the chosen start"),
        ("Play (Space)", "Play or pause"),
        ("Pause (Space)", "Play or pause"),
        ("Dark (T)", "Light or dark theme"),
    ];
    if let Some((_, words)) = of_action.iter().find(|(name, _)| *name == control) {
        // the palette does not open itself
        return rows.iter().any(|row| row == words) || control == "Command (Ctrl K)";
    }
    // a number's slider and its field are one row
    let control = control.trim_end_matches(", typed");
    let of_method = |(eye, method): (&str, &str)| match eye {
        "Hide" | "Show" => rows.contains(&format!("Show or hide: {method}")),
        _ => false,
    };
    let is_hint = |row: &String| {
        let method = row.strip_prefix("Show or hide: ");
        method.is_some_and(|method| control.starts_with(&format!("{method}: click to hide")))
    };
    rows.iter().any(|row| {
        row.strip_suffix(control)
            .is_some_and(|kind| kind.is_empty() || kind.ends_with(": "))
            || control
                .strip_prefix(row.as_str())
                .is_some_and(|key| key.starts_with(" ("))
            || is_hint(row)
    }) || control.split_once(' ').is_some_and(of_method)
}

/// Checks that every control has a name and a row in the palette.
fn every_control_is_found(harness: &mut Harness<'_, App>) {
    let names = controls(harness);
    assert!(25 < names.len(), "{names:?}");
    press_with(harness, Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    let all = controls(harness);
    let rows = &all[names.len()..];
    for name in &names {
        assert!(has_row(rows, name), "{name:?} in {rows:#?}");
    }
}

#[rstest]
fn every_control_of_the_window_has_a_name_and_a_row_in_the_palette(
    #[values(
        "welcome",
        "pbgd",
        "pbgd-atlas",
        "valleys-pad",
        "stackelberg",
        "noise",
        "batches"
    )]
    preset: &str,
) {
    let mut harness = short_window(preset, SIZE, Theme::Light);
    every_control_is_found(&mut harness);
}

#[rstest]
fn every_control_of_typed_formulas_and_of_every_view_is_in_the_palette() {
    let mut harness = short_window("pbgd", SIZE, Theme::Light);
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    let field = harness.get_by_label("Find a command");
    field.type_text("edit formulas: ");
    harness.step();
    press(&mut harness, Key::Enter);
    for _ in chosen_views() {
        press_with(&mut harness, Modifiers::SHIFT, Key::V);
        // a survey of typed formulas would take long
        harness.run_steps(4);
        every_control_is_found(&mut harness);
        press(&mut harness, Key::Escape);
    }
}

#[rstest]
fn the_palette_finds_by_synonyms_presses_buttons_and_gives_fields_the_keyboard() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    let choose = |harness: &mut Harness<'_, App>, words: &str, row: &str| {
        press_with(harness, Modifiers::COMMAND, Key::K);
        harness.get_by_label("Find a command").type_text(words);
        harness.run_steps(3);
        assert!(harness.query_by_label(row).is_some(), "{row}");
        press(harness, Key::Enter);
        harness.run_steps(4);
    };
    let is_checked = |harness: &Harness<'_, App>| {
        let node = harness.get_by_label("log x");
        node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    let before = is_checked(&harness);
    choose(&mut harness, "log x", "Press: log x");
    assert_ne!(is_checked(&harness), before);
    choose(
        &mut harness,
        "outer step of bome",
        "Go to: outer step of BOME",
    );
    let field = harness.get_by_label("outer step of BOME, typed");
    assert!(field.is_focused());
    press(&mut harness, Key::Escape);
    choose(&mut harness, "benchm open", "Open: Benchmark");
    assert!(harness.query_by_label("Find a benchmark").is_some());
    press(&mut harness, Key::Escape);
    choose(
        &mut harness,
        "learning rate",
        "Tune step sizes of all methods",
    );
    assert!(
        harness
            .query_by_label_contains("trials per method")
            .is_some()
    );
}

#[rstest]
fn the_palette_opens_from_a_field_and_its_list_grows_again() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    let field = "outer step of BOME, typed";
    harness.get_by_label(field).click();
    harness.run_steps(3);
    let before = harness.state().experiment().clone();
    let height = |harness: &Harness<'_, App>| {
        let area = egui::Id::unique("palette");
        let rect = harness.ctx.memory(|memory| memory.area_rect(area));
        rect.expect("the palette is open").height()
    };
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    let whole = height(&harness);
    harness
        .get_by_label("Find a command")
        .type_text("full screen");
    harness.run_steps(4);
    assert!(height(&harness) < 0.5 * whole);
    for _ in 0.."full screen".len() {
        harness.key_press(Key::Backspace);
        harness.step();
    }
    harness.run_steps(4);
    assert_eq!(height(&harness), whole);
    assert_eq!(harness.state().experiment(), &before);
}

#[rstest]
fn keys_do_nothing_while_a_field_is_typed_in_or_something_lies_over_the_window() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    click(&mut harness, "Random");
    let before = harness.state().experiment().clone();
    let all = shown(&harness);
    let hammer = |harness: &mut Harness<'_, App>| {
        for key in [Key::Num1, Key::End, Key::R, Key::H] {
            press(harness, key);
        }
        press_with(harness, Modifiers::ALT, Key::Num2);
        undo(harness);
    };
    // the keyboard in a typed number
    harness.get_by_label("outer step of BOME, typed").click();
    harness.step();
    harness.step();
    harness.step();
    hammer(&mut harness);
    press(&mut harness, Key::Escape);
    // in the dialog, the sheet and the palette
    for open in [Key::E, Key::F1, Key::K] {
        if open == Key::K {
            press_with(&mut harness, Modifiers::COMMAND, open);
        } else {
            press(&mut harness, open);
        }
        hammer(&mut harness);
        press(&mut harness, Key::Escape);
        harness.step();
    }
    for label in [
        "File",
        "Close the keyboard shortcuts (Esc)",
        "Find a command",
    ] {
        assert!(harness.query_by_label(label).is_none(), "{label} is closed");
    }
    assert_eq!(harness.state().experiment(), &before);
    assert_eq!(shown(&harness), all);
    assert_eq!(harness.state().iteration(), 0);
    assert!(
        harness
            .query_by_label("Show or hide the explanation (H)")
            .is_some()
    );
}

#[rstest]
fn saving_and_opening_have_keys_that_lead_to_a_field() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    press_with(&mut harness, Modifiers::COMMAND, Key::S);
    let path = harness.get_by_label("File").value();
    assert_eq!(path.as_deref(), Some("welcome.toml"));
    press(&mut harness, Key::Escape);
    press_with(&mut harness, Modifiers::COMMAND, Key::O);
    harness.step();
    harness.step();
    assert!(harness.get_by_label("Find an experiment").is_focused());
    harness
        .get_by_label("Find an experiment")
        .type_text("degenerate");
    harness.run_steps(3);
    press(&mut harness, Key::Enter);
    harness.step();
    assert_eq!(harness.state().name(), "degenerate");
    undo(&mut harness);
    assert_eq!(harness.state().name(), "welcome");
}

#[rstest]
fn the_sheet_of_keys_fits_and_closes() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    for key in [Key::F1, Key::Questionmark] {
        press(&mut harness, key);
        harness.step();
        for label in ["Play or pause", "Quit"] {
            let rect = harness.get_by_label(label).rect();
            assert!(whole(SIZE).contains_rect(rect), "{label} at {rect}");
        }
        press(&mut harness, key);
        assert!(harness.query_by_label("Play or pause").is_none());
    }
}

#[rstest]
fn the_palette_and_the_sheet_of_keys_look_as_they_should() {
    for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let mut harness = window("welcome", SIZE, theme);
        let mut snapshot = |modifiers, key, name: &str, [x, y, width, height]: [u32; 4]| {
            press_with(&mut harness, modifiers, key);
            harness.step();
            let picture = harness.render().expect("the renderer draws everything");
            // the dialog only, without the cursor that blinks
            let part = image::imageops::crop_imm(&picture, x, y, width, height).to_image();
            support::assert_snapshot(&format!("{name}-{word}"), &part);
            press(&mut harness, Key::Escape);
        };
        let part = [380, 118, 520, 344];
        snapshot(Modifiers::COMMAND, Key::K, "palette", part);
        let part = [80, 24, 1120, 672];
        snapshot(Modifiers::NONE, Key::F1, "keys", part);
    }
}

fn whole(size: [f32; 2]) -> Rect {
    Rect::from_min_size(egui::Pos2::ZERO, size.into())
}

#[rstest]
fn the_top_bar_neither_overlaps_nor_is_cut() {
    for size in [
        [1280.0, 720.0],
        [900.0, 600.0],
        [800.0, 600.0],
        [640.0, 480.0],
        [300.0, 240.0],
    ] {
        let mut harness = window("degenerate", size, Theme::Light);
        // these need space for "modified" and for the button of the guide
        press_with(&mut harness, Modifiers::COMMAND, Key::K);
        let field = harness.get_by_label("Find a command");
        field.type_text("add method bome");
        harness.step();
        press(&mut harness, Key::Enter);
        assert!(harness.state().is_modified());
        press(&mut harness, Key::H);
        settle(&mut harness);
        let buttons: Vec<Rect> = harness
            .root()
            .children_recursive()
            .filter(|node| {
                let role = node.accesskit_node().role();
                [Role::Button, Role::ComboBox].contains(&role) && node.rect().top() < 36.0
            })
            .map(|node| node.rect())
            .collect();
        assert!(3 <= buttons.len(), "{buttons:?}");
        for (place, rect) in buttons.iter().enumerate() {
            assert!(whole(size).contains_rect(*rect), "{rect} at {size:?}");
            for other in &buttons[..place] {
                assert!(
                    !rect.shrink(0.5).intersects(*other),
                    "{rect} and {other} at {size:?}"
                );
            }
        }
    }
}

#[rstest]
fn the_playhead_jumps_between_the_events_of_the_runs() {
    let mut harness = window("minimax", SIZE, Theme::Light);
    settle(&mut harness);
    assert!(
        harness
            .query_by_label_contains("AID-CG failed at iteration 0")
            .is_some()
    );
    let marks = harness.query_all_by_label_contains(" at iteration ");
    let labels: Vec<String> = marks
        .filter_map(|mark| mark.accesskit_node().label())
        .collect();
    assert!(
        labels
            .iter()
            .any(|label| label.contains(" comes to rest at ")),
        "{labels:?}"
    );
    let number = |label: &String| {
        let (_, rest) = label.split_once(" at iteration ")?;
        let digits = rest.split([':', '\n']).next()?;
        digits.replace(',', "").parse().ok()
    };
    let mut events: Vec<u64> = labels.iter().filter_map(number).collect();
    events.sort_unstable();
    assert_eq!((events[0], events.len()), (0, labels.len()));
    press(&mut harness, Key::End);
    for event in events.iter().rev() {
        press_with(&mut harness, Modifiers::SHIFT, Key::N);
        assert_eq!(harness.state().iteration(), *event);
    }
    for event in &events[1..] {
        press(&mut harness, Key::N);
        assert_eq!(harness.state().iteration(), *event);
    }
    // there is no event after the last one
    press(&mut harness, Key::N);
    assert_eq!(harness.state().iteration(), events[events.len() - 1]);
    settle(&mut harness);
}

#[rstest]
fn the_bar_of_the_timeline_is_logarithmic_where_the_race_is() {
    let mut harness = window("minimax", SIZE, Theme::Light);
    settle(&mut harness);
    let bar = harness.get_by_label("Iteration").rect();
    let middle = |harness: &mut Harness<'_, App>| {
        harness.drag_at(bar.center());
        harness.step();
        harness.drop_at(bar.center());
        harness.step();
        harness.step();
        harness.state().iteration()
    };
    let logarithmic = middle(&mut harness);
    assert!((10..=18).contains(&logarithmic), "{logarithmic} of 200");
    click(&mut harness, "log x");
    let even = middle(&mut harness);
    assert!((95..=105).contains(&even), "{even} of 200");
    settle(&mut harness);
}

#[rstest]
fn notes_are_found_in_any_spelling() {
    let mut harness = short_window("welcome", SIZE, Theme::Light);
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    for words in [
        "notes", "note", "otes", "ntes", "noes", "ontes", "ntoes", "noets", "notse", "nxtes",
    ] {
        press_with(&mut harness, Modifiers::COMMAND, Key::A);
        harness.get_by_label("Find a command").type_text(words);
        harness.run_steps(3);
        let row = harness.query_by_label("Press: Menu of BOME");
        assert!(row.is_some(), "{words}");
    }
}

#[rstest]
fn an_open_palette_asks_for_no_frames_of_its_own() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    for key in [Key::K, Key::O] {
        press_with(&mut harness, Modifiers::COMMAND, key);
        harness.run_steps(8);
        let outputs = harness.output().viewport_output.values();
        let delays: Vec<_> = outputs.map(|output| output.repaint_delay).collect();
        let is_resting = |delay: &std::time::Duration| delay.as_secs() > 3600;
        assert!(delays.iter().all(is_resting), "{delays:?}");
        press(&mut harness, Key::Escape);
        harness.run_steps(3);
    }
}

#[rstest]
fn a_typed_number_outside_of_its_range_is_replaced_with_a_remark() {
    let mut harness = short_window("welcome", SIZE, Theme::Light);
    let remark = "“1e15” is outside of the range";
    for (typed, expected, is_remarked) in [("1e15", 100_000_000, true), ("20", 20, false)] {
        click(&mut harness, "Outer iterations of every run");
        harness.step();
        harness.event(egui::Event::Text(typed.to_owned()));
        harness.step();
        press(&mut harness, Key::Enter);
        harness.step();
        assert_eq!(harness.state().experiment().iterations, expected);
        // in the top bar and beside the field
        let remarks = harness.query_all_by_label_contains(remark).count();
        assert_eq!(remarks, 2 * usize::from(is_remarked));
    }
}

/// The text that the next frames copy.
fn copied(harness: &mut Harness<'_, App>) -> Option<String> {
    (0..4).find_map(|_| {
        harness.step();
        let commands = &harness.output().platform_output.commands;
        commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    })
}

#[rstest]
#[case::teach("welcome")]
#[case::present("pbgd")]
fn a_line_is_shared_in_the_window_and_pasted_in_another(#[case] preset: &str) {
    let mut harness = short_window(preset, SIZE, Theme::Dark);
    settle(&mut harness);
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    harness.get_by_label("Find a command").type_text("share");
    harness.step();
    press(&mut harness, Key::Enter);
    harness.run_steps(3);
    let is_short = harness
        .query_by_label("QR code of the experiment's line")
        .is_some();
    let is_long = harness.query_by_label_contains("No QR code").is_some();
    assert!(is_short != is_long);
    harness.get_by_label("Copy the line").click();
    let line = copied(&mut harness).expect("the line is copied");
    assert_eq!(is_short, line.len() <= 1200);
    let mut other = short_window("valleys", SIZE, Theme::Light);
    other.event(egui::Event::Paste(line.replace("bilevel1:", "bilevel1:A")));
    other.run_steps(3);
    assert_eq!(other.state().experiment().title, "Five valleys");
    other.event(egui::Event::Paste(format!("  {line}\n")));
    other.run_steps(3);
    assert_eq!(
        other.state().experiment().methods,
        harness.state().experiment().methods
    );
}
