//! The window driven without a screen: clicks by name, keys, drags, and pictures of the welcome screen.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use bilevel_lab::app::App;
use bilevel_lab::embedded::PRESETS;
use eframe::App as _;
use egui::{Context, Key, Modifiers, Pos2, RawInput, Rect, Theme, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rstest::rstest;

use crate::support;
use crate::support::driving::{
    assert_figures, name_of, picture, press, settle, short_window, window, window_on,
};

#[rstest]
fn the_welcome_screen_looks_as_it_should_in_both_themes_and_sizes(
    #[values(Theme::Light, Theme::Dark)] theme: Theme,
    #[values([1280.0, 720.0], [1920.0, 1080.0])] size: [f32; 2],
) {
    let mut harness = window("welcome", size, theme);
    harness.state_mut().seek(420);
    settle(&mut harness);
    let height = size[1];
    match (theme, height) {
        (Theme::Light, 720.0) => {
            support::assert_readme_picture("welcome", &picture(&mut harness));
        }
        (Theme::Light, _) => assert_figures(&mut harness, &format!("welcome-{height}-light")),
        (Theme::Dark, _) => assert_figures(&mut harness, &format!("welcome-{height}-dark")),
    }
}

/// The panels around the figures have a snapshot each, so that a change shows in its own.
#[rstest]
fn the_panels_look_as_they_should_in_both_themes(
    #[values(Theme::Light, Theme::Dark)] theme: Theme,
) {
    let mut harness = window("welcome", [1280.0, 720.0], theme);
    harness.state_mut().seek(420);
    settle(&mut harness);
    let whole = picture(&mut harness);
    let word = if theme == Theme::Light {
        "light"
    } else {
        "dark"
    };
    for (panel, area) in [
        ("top-bar", [[0.0, 0.0], [1280.0, 40.0]]),
        ("left", [[0.0, 40.0], [290.0, 676.0]]),
        ("timeline", [[0.0, 676.0], [1280.0, 720.0]]),
    ] {
        let [least, greatest] = area.map(Pos2::from);
        let area = Rect::from_min_max(least, greatest);
        support::assert_snapshot(&format!("{panel}-{word}"), &support::part(&whole, area));
    }
}

#[rstest]
fn the_first_frame_is_a_whole_one_and_the_runs_move_after_it() {
    let ctx = Context::default();
    let experiment = bilevel_lab::embedded::open("welcome").expect("the preset is right");
    let mut app = App::new(&ctx, "welcome", experiment);
    let mut frame = eframe::Frame::_new_kittest();
    let mut draw = |app: &mut App| {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0))),
            ..RawInput::default()
        };
        let mut output = ctx.run_ui(input, |ui| {
            app.logic(ui.ctx(), &mut frame);
            app.ui(ui, &mut frame);
        });
        output.textures_delta.clear();
        let words = output.shapes.iter().filter_map(|shape| match &shape.shape {
            egui::Shape::Text(text) => Some(text.galley.text().to_owned()),
            _ => None,
        });
        words.collect::<Vec<String>>()
    };
    // time for the runs to advance, if they would
    std::thread::sleep(Duration::from_millis(50));
    let words = draw(&mut app);
    for word in ["Landscape", "BSG-1", "optimum", "Value gap ", "1,000"] {
        assert!(words.iter().any(|shown| shown == word), "{word}: {words:?}");
    }
    assert!(app.records().all(|(_, done)| done == 0));
    let patience = Instant::now() + Duration::from_mins(1);
    while app.records().any(|(_, done)| done == 0) {
        assert!(Instant::now() < patience, "the runs do not begin");
        draw(&mut app);
    }
}

#[rstest]
fn runs_on_threads_are_those_without() {
    let size = [1280.0, 720.0];
    let open = || bilevel_lab::embedded::open("welcome").expect("the preset is right");
    let mut harness = window_on("welcome", open(), size, Theme::Light);
    harness.state_mut().seek(u64::MAX);
    settle(&mut harness);
    let mut threaded = support::harness(size, Theme::Light)
        .build_eframe(move |creation| App::new(&creation.egui_ctx, "welcome", open()));
    threaded.state_mut().seek(u64::MAX);
    let patience = Instant::now() + Duration::from_mins(1);
    while !threaded.state().is_settled() {
        assert!(Instant::now() < patience, "the threads do not end");
        threaded.step();
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut others = threaded.state().records();
    for (trace, done) in harness.state().records() {
        let (other, other_done) = others.next().expect("as many runs");
        assert_eq!(done, other_done);
        assert_eq!(trace.gap.values(), other.gap.values());
        assert_eq!(trace.objectives[0].values(), other.objectives[0].values());
    }
}

#[rstest]
fn every_preset_opens_and_can_be_drawn_in_a_tiny_window(
    #[files("presets/*.toml")]
    #[exclude("cleaning|regression|regularization|continual")] // tests/ui/learned.rs has these
    preset: PathBuf,
) {
    let preset = name_of(&preset);
    let is_listed = PRESETS.iter().any(|other| other.name == preset);
    assert!(is_listed, "{preset} is not in the list");
    for size in [[1280.0, 720.0], [300.0, 240.0]] {
        let mut harness = short_window(&preset, size, Theme::Light);
        harness.state_mut().seek(50);
        settle(&mut harness);
        let picture = harness.render().expect("the renderer draws everything");
        let colours: std::collections::HashSet<_> = picture.pixels().collect();
        assert!(colours.len() > 50, "{preset} at {size:?} is nearly blank");
    }
}

#[rstest]
fn play_pause_step_and_scrub_move_the_playhead() {
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    press(&mut harness, Key::ArrowRight);
    assert_eq!(harness.state().iteration(), 1);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    harness.step();
    assert_eq!(harness.state().iteration(), 11);
    press(&mut harness, Key::ArrowLeft);
    assert_eq!(harness.state().iteration(), 10);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::ArrowRight);
    harness.step();
    assert_eq!(harness.state().iteration(), 110);
    press(&mut harness, Key::End);
    assert_eq!(harness.state().iteration(), 5000);
    press(&mut harness, Key::Home);
    assert_eq!(harness.state().iteration(), 0);
    harness.get_by_label("Play (Space)").click();
    harness.step();
    harness.step();
    harness.step();
    for _ in 0..20 {
        harness.step();
    }
    assert!(harness.state().iteration() > 0, "time moves the playhead");
    harness.get_by_label("Pause (Space)").click();
    harness.step();
    harness.step();
    harness.step();
    harness.step();
    let paused = harness.state().iteration();
    for _ in 0..20 {
        harness.step();
    }
    assert_eq!(harness.state().iteration(), paused);
}

#[rstest]
fn dragging_the_start_moves_it_and_a_click_puts_it_elsewhere() {
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    let plot = harness.get_by_label("Landscape").rect();
    let start_of = |harness: &Harness<'_, App>| harness.state().experiment().write();
    let before = start_of(&harness);
    // the start (0, 3) of the welcome preset, found by its position in the plane's range
    harness.drag_at(pos2(plot.center().x, plot.center().y));
    harness.step();
    harness.drop_at(pos2(plot.center().x, plot.center().y));
    harness.step();
    settle(&mut harness);
    let after = start_of(&harness);
    assert_ne!(before, after, "a click puts the start where the pointer is");
    // it lies under the pointer now: drag it away
    let (from, to) = (plot.center(), plot.center() + Vec2::new(80.0, -30.0));
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    for share in [0.3, 0.6, 1.0] {
        harness.hover_at(from + (to - from) * share);
        harness.step();
    }
    harness.drop_at(to);
    harness.step();
    settle(&mut harness);
    assert_ne!(after, start_of(&harness), "a drag takes the start along");
}

#[rstest]
fn another_problem_a_method_more_and_a_method_less_are_a_click_each() {
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    harness.get_by_label("Benchmark").click();
    harness.step();
    harness.step();
    harness.step();
    harness
        .get_by_role_and_label(egui::Role::Button, "Mini-max game")
        .click();
    harness.step();
    harness.step();
    harness.step();
    settle(&mut harness);
    assert_eq!(harness.state().experiment().problem.entry.id, "minimax");
    let methods = harness.state().experiment().methods.len();
    harness.get_by_label("Add a method").click();
    harness.step();
    harness.step();
    harness.step();
    harness
        .get_by_role_and_label(egui::Role::Button, "BSG-1")
        .click();
    harness.step();
    harness.step();
    harness.step();
    settle(&mut harness);
    assert_eq!(harness.state().experiment().methods.len(), methods + 1);
    harness.get_by_label("Menu of BOME").click();
    harness.step();
    harness.step();
    harness.step();
    harness.get_by_label("Remove").click();
    harness.step();
    harness.step();
    harness.step();
    settle(&mut harness);
    assert_eq!(harness.state().experiment().methods.len(), methods);
    assert_ne!(harness.state().experiment().methods[0].label, "BOME");
}

#[rstest]
fn figures_data_and_the_experiment_are_saved_under_a_typed_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    harness.state_mut().seek(100);
    settle(&mut harness);
    for (tab, name, begins) in [
        ("landscape", "a.svg", "<svg"),
        ("race", "b.png", "\u{89}PNG"),
        ("data", "c.csv", "run,start,seed,k,time_s,f1,f2,gap,value1"),
        ("experiment", "d.toml", "title = \"Welcome"),
    ] {
        press(&mut harness, Key::E);
        let tabs = harness.get_all_by_label(tab);
        tabs.last().expect("the tab of the dialog").click();
        harness.step();
        harness.step();
        harness.step();
        harness.step();
        let path = folder.path().join(name);
        harness.get_by_label("File").focus();
        harness.step();
        harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        harness.step();
        harness
            .get_by_label("File")
            .type_text(path.to_str().expect("a plain path"));
        harness.step();
        harness.get_by_label("Save").click();
        harness.step();
        harness.step();
        harness.step();
        harness.step();
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected: Vec<u8> = begins.chars().map(|letter| letter as u8).collect();
        assert!(bytes.starts_with(&expected), "{name} begins otherwise");
    }
    let saved =
        bilevel_lab::embedded::open(folder.path().join("d.toml").to_str().expect("a plain path"));
    assert_eq!(
        &saved.expect("what is saved can be opened"),
        harness.state().experiment()
    );
}

#[rstest]
fn a_slider_of_something_that_may_be_absent_reaches_0() {
    let mut harness = window("welcome", [1280.0, 1400.0], Theme::Light);
    harness.get_by_label("More about BOME").click();
    rest(&mut harness);
    let momentum = |harness: &Harness<'_, App>| {
        let methods = &harness.state().experiment().methods;
        methods[0].settings.number("momentum")
    };
    let bar = harness
        .get_by_role_and_label(egui::Role::Slider, "momentum of BOME")
        .rect();
    for (end, expected) in [
        (bar.right_center(), 0.8..1.0),
        (bar.left_center(), 0.0..1e-300),
    ] {
        harness.hover_at(bar.center());
        harness.step();
        harness.drag_at(bar.center());
        harness.step();
        harness.hover_at(end);
        harness.step();
        harness.drop_at(end);
        rest(&mut harness);
        assert!(
            expected.contains(&momentum(&harness)),
            "{}",
            momentum(&harness)
        );
    }
}

/// Draws frames until a click has been carried out and drawn.
fn rest(harness: &mut Harness<'_, App>) {
    for _ in 0..4 {
        harness.step();
    }
}

fn type_into(harness: &mut Harness<'_, App>, field: &str, text: &str) {
    harness.get_by_label(field).focus();
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.step();
    harness.get_by_label(field).type_text(text);
    harness.step();
}

#[rstest]
fn a_figure_is_saved_in_the_size_that_is_chosen_and_the_choice_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = window("minimax", [1280.0, 720.0], Theme::Light);
    let saved = |harness: &mut Harness<'_, App>, name: &str| {
        let path = folder.path().join(name);
        type_into(harness, "File", path.to_str().expect("a plain path"));
        harness.get_by_label("Save").click();
        rest(harness);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    press(&mut harness, Key::E);
    settle(&mut harness);
    assert!(harness.query_by_label("Preview").is_some());
    harness.get_by_label("one column").click();
    rest(&mut harness);
    // the height follows from the content
    let words = "84 × ";
    assert!(harness.query_by_label_contains(words).is_some());
    let vector = String::from_utf8(saved(&mut harness, "a.svg")).expect("text");
    let (_, height) = vector
        .split_once("width=\"84mm\" height=\"")
        .expect("its size");
    let (height, _) = height.split_once("mm\"").expect("a unit");
    let sentence = &format!("84 × {height} mm, text 8 pt");
    assert!(vector.contains("fill=\"#ffffff\""));
    // opened again, it is as before; the race needs another height
    press(&mut harness, Key::E);
    settle(&mut harness);
    assert!(harness.query_by_label(sentence).is_some());
    harness.get_by_label("race").click();
    harness.get_by_label("dark").click();
    rest(&mut harness);
    harness.get_by_label("custom").click();
    rest(&mut harness);
    let pixels = saved(&mut harness, "b.png");
    let picture = png::Decoder::new(std::io::Cursor::new(pixels)).read_info();
    let picture = picture.expect("a picture");
    let info = picture.info();
    assert_eq!((info.width, info.height), (992, 1287));
    assert_eq!(info.pixel_dims.map(|size| size.xppu), Some(11_811));
}

#[rstest]
fn what_is_published_is_copied_for_a_bibliography() {
    let mut harness = window("minimax", [1920.0, 1080.0], Theme::Light);
    harness.get_by_label("More about ITD").click();
    settle(&mut harness);
    for (name, key) in [
        ("ITD", "@inproceedings{franceschi2017forward,"),
        ("Mini-max game", "@inproceedings{liu2022bome,"),
    ] {
        harness
            .get_by_label(&format!("Copy BibTeX of {name}"))
            .click();
        let mut copied = None;
        for _ in 0..4 {
            harness.step();
            let commands = &harness.output().platform_output.commands;
            copied = copied.or_else(|| {
                commands.iter().find_map(|command| match command {
                    egui::OutputCommand::CopyText(text) => Some(text.clone()),
                    _ => None,
                })
            });
        }
        let copied = copied.unwrap_or_else(|| panic!("{name}: nothing was copied"));
        assert!(copied.starts_with(key), "{copied}");
    }
}

#[rstest]
fn saving_an_opened_file_keeps_its_comments_and_writes_what_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    let path = path.to_str().expect("a plain path");
    let written = "# mine\niterations = 300 # enough\n\n[problem]\nid = 'valleys'\n\n[[method]] # ours\nid = 'bome'\n";
    std::fs::write(path, written).expect("the folder takes files");
    let experiment = bilevel_lab::embedded::open(path).expect("the file is right");
    let mut harness = window_on(path, experiment, [1280.0, 720.0], Theme::Light);
    let save = |harness: &mut Harness<'_, App>| {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
        rest(harness);
        std::fs::read_to_string(path).expect("the file")
    };
    assert_eq!(save(&mut harness), written, "nothing has changed");
    press(&mut harness, Key::V);
    let expected = format!("{written}\n[view]\nkind = \"levels\"\n");
    assert_eq!(save(&mut harness), expected);
}

#[rstest]
fn a_path_that_cannot_be_written_is_said_in_the_dialog_and_nothing_is_lost() {
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    press(&mut harness, Key::E);
    harness.get_by_label("File").focus();
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.step();
    harness.get_by_label("File").type_text("/dev/null/x.svg");
    harness.step();
    harness.get_by_label("Save").click();
    harness.step();
    harness.step();
    harness.step();
    harness.step();
    assert!(harness.query_by_label_contains("cannot write").is_some());
    harness.get_by_label("Cancel").click();
    harness.step();
    harness.step();
    harness.step();
    harness.step();
    assert!(harness.query_by_label("File").is_none());
}

#[rstest]
fn keys_do_not_reach_the_window_while_a_field_is_typed_in() {
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    press(&mut harness, Key::E);
    harness.step();
    let before = harness.state().iteration();
    press(&mut harness, Key::End);
    press(&mut harness, Key::ArrowRight);
    assert_eq!(harness.state().iteration(), before);
}

#[rstest]
fn every_control_says_its_name() {
    let mut harness = window("minimax", [1920.0, 1080.0], Theme::Light);
    harness.get_by_label("More about BOME").click();
    settle(&mut harness);
    press(&mut harness, Key::E);
    let mut controls = 0;
    for node in harness.root().children_recursive() {
        let node = node.accesskit_node();
        let role = node.role();
        let is_control = [
            egui::Role::Button,
            egui::Role::CheckBox,
            egui::Role::ComboBox,
            egui::Role::Link,
            egui::Role::RadioButton,
            egui::Role::Slider,
            egui::Role::SpinButton,
            egui::Role::TextInput,
        ]
        .contains(&role);
        if is_control {
            controls += 1;
            let name = node.label().unwrap_or_default();
            assert!(
                !name.trim().is_empty(),
                "a {role:?} at {:?} has no name",
                node.bounding_box()
            );
        }
    }
    assert!(controls > 40, "only {controls} controls were looked at");
}

/// Draws a number of frames.
fn frames(harness: &mut Harness<'_, App>, count: usize) {
    for _ in 0..count {
        harness.step();
    }
}

/// True if some words are shown anywhere.
fn says(harness: &Harness<'_, App>, words: &str) -> bool {
    harness.root().children_recursive().any(|node| {
        let node = node.accesskit_node();
        [node.label(), node.value()]
            .into_iter()
            .flatten()
            .any(|text| text.contains(words))
    })
}

/// Opens a chooser and picks one of its options.
fn choose(harness: &mut Harness<'_, App>, chooser: &str, option: &str) {
    harness
        .get_by_role_and_label(egui::Role::ComboBox, chooser)
        .click();
    frames(harness, 3);
    let options = harness.query_all_by_label(option);
    options.last().expect("the option is there").click();
    frames(harness, 3);
}

#[rstest]
fn valleys_look_as_they_should_side_by_side_in_both_themes(
    #[values(Theme::Light, Theme::Dark)] theme: Theme,
) {
    let mut harness = window("valleys", [1280.0, 720.0], theme);
    harness.state_mut().seek(120);
    settle(&mut harness);
    if theme == Theme::Light {
        support::assert_readme_picture("valleys", &picture(&mut harness));
    } else {
        assert_figures(&mut harness, "valleys-720-dark");
    }
}

#[rstest]
fn every_layout_of_every_preset_can_be_drawn_and_chosen() {
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    for layout in ["compare", "present", "teach"] {
        // the bar of a presentation hides until the pointer moves
        harness.hover_at(pos2(300.0, 200.0));
        frames(&mut harness, 2);
        choose(&mut harness, "Layout", layout);
        settle(&mut harness);
        let shows_table = harness.query_by_label("Copy results as LaTeX").is_some();
        assert_eq!(shows_table, layout == "compare", "{layout}");
    }
    harness.get_by_label("Results").click();
    frames(&mut harness, 3);
    assert!(harness.query_by_label("Copy results as LaTeX").is_some());
}

#[rstest]
fn a_name_at_the_end_of_a_line_hides_by_a_click_and_isolates_by_two() {
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    let name = "ITD: click to hide, double click to isolate";
    let lines = |harness: &Harness<'_, App>| {
        ["BOME", "ITD", "AID-CG", "BSG-1"]
            .map(|method| {
                let name = format!("{method}: click to hide, double click to isolate");
                let role = egui::Role::Button;
                harness.query_all_by_role_and_label(role, &name).count()
            })
            .iter()
            .sum::<usize>()
    };
    assert_eq!(lines(&harness), 8, "four methods in two charts");
    let place = harness
        .get_all_by_label(name)
        .next()
        .unwrap()
        .rect()
        .center();
    // both clicks within one frame: a step of the harness is longer than a double click
    let button = |pressed| egui::Event::PointerButton {
        pos: place,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    harness.hover_at(place);
    harness.step();
    let clicks = [true, false, true, false].map(button);
    harness.input_mut().events.extend(clicks);
    frames(&mut harness, 3);
    assert_eq!(lines(&harness), 2, "only one is left");
    harness.key_press_modifiers(Modifiers::ALT, Key::Num2);
    frames(&mut harness, 3);
    assert_eq!(lines(&harness), 8, "all are back");
    harness.drag_at(place);
    harness.step();
    harness.drop_at(place);
    frames(&mut harness, 60);
    assert_eq!(
        lines(&harness),
        6,
        "one is hidden once no second click can come"
    );
}

#[rstest]
fn what_the_race_looks_at_goes_on_with_another_parameter_of_the_problem() {
    let mut harness = window("hypergradients", [1920.0, 1080.0], Theme::Light);
    harness.get_by_label("target line").click();
    let names = |harness: &Harness<'_, App>| {
        let name = "Implicit, exact: click to hide, double click to isolate";
        harness.query_all_by_label(name).count()
    };
    settle(&mut harness);
    assert_eq!(names(&harness), 2, "at its line in either chart");
    choose(&mut harness, "4th point", "(−3, 2), mirrored");
    settle(&mut harness);
    assert_eq!(names(&harness), 2, "the errors are looked at again");
}

#[rstest]
fn the_iterate_under_the_pointer_is_read_out() {
    let mut harness = window("valleys", [1280.0, 720.0], Theme::Light);
    harness.state_mut().seek(0);
    settle(&mut harness);
    assert!(!says(&harness, "iteration 0"));
    let plot = harness.get_by_label("Landscape").rect();
    // every run begins in (2.9, −1), whose place in the range −4.5 to 4.5 gives its pixel
    let start = pos2(
        plot.left() + plot.width() * (2.9 + 4.5) / 9.0,
        plot.bottom() - plot.height() * (-1.0 + 4.5) / 9.0,
    );
    harness.hover_at(start);
    frames(&mut harness, 4);
    assert!(says(&harness, "iteration 0"));
    assert!(says(&harness, "x=2.90000"));
    harness.hover_at(plot.left_bottom() + Vec2::new(20.0, -20.0));
    frames(&mut harness, 4);
    assert!(!says(&harness, "iteration 0"));
}

#[rstest]
fn several_starts_become_a_median_and_a_finish_line_ranks_in_the_table() {
    let mut harness = window("coreset", [1920.0, 1080.0], Theme::Light);
    harness.get_by_label("median").click();
    frames(&mut harness, 3);
    harness.get_by_label("target line").click();
    frames(&mut harness, 3);
    press(&mut harness, Key::End);
    settle(&mut harness);
    harness.get_by_label("Results").click();
    frames(&mut harness, 3);
    choose(&mut harness, "Rows of the results", "by run");
    harness.get_by_label("Sort by finish").click();
    frames(&mut harness, 3);
    assert!(harness.query_by_label("Sort by start").is_some());
    // first hits of the published comparison at 0.05, for BOME from (0, 3) and for ITD
    for iteration in ["588", "521", "496", "690"] {
        assert!(
            harness.query_all_by_label(iteration).count() > 0,
            "{iteration}"
        );
    }
}

#[rstest]
fn a_paused_window_that_is_done_asks_for_no_more_frames() {
    let mut harness = window("minimax", [1280.0, 720.0], Theme::Light);
    settle(&mut harness);
    for _ in 0..5 {
        harness.step();
    }
    let delays: Vec<_> = harness
        .output()
        .viewport_output
        .values()
        .map(|output| output.repaint_delay)
        .collect();
    assert!(
        delays.iter().all(|delay| *delay > Duration::from_hours(1)),
        "{delays:?}"
    );
}
