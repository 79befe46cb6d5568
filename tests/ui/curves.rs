//! The question whose curve is whose: pictures show letters, nothing tells their methods, and guesses are counted.

use bilevel_figure::chosen_views;
use bilevel_files::{Experiment, ViewKind, WindowLayout, in_letter_order};
use bilevel_lab::app::App;
use egui::{Key, Modifiers, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rstest::rstest;

use crate::prediction::{is_same, nodes, open, says, write_initials};
use crate::support::driving::{click, picture, press, settle, window_on};

const SIZE: [f32; 2] = [1280.0, 720.0];
const QUESTION: &str = "Whose curve is this?";

/// A window at the end of the runs of an experiment.
fn at_the_end(experiment: Experiment, layout: WindowLayout) -> Harness<'static, App> {
    let mut experiment = experiment;
    experiment.iterations = experiment.iterations.min(200);
    experiment.view.layout = Some(layout);
    let kind = |kind: &ViewKind| kind.word() == "landscape";
    experiment.view.kind = chosen_views().find(kind);
    let mut harness = window_on("own", experiment, SIZE, Theme::Light);
    press(&mut harness, Key::End);
    settle(&mut harness);
    harness
}

/// Asks whose curve is whose.
fn ask(harness: &mut Harness<'_, App>) {
    press(harness, Key::M);
    settle(harness);
    let chooser = "Question of the prediction";
    if harness.query_by_label(chooser).is_some() {
        click(harness, chooser);
    }
    click(harness, QUESTION);
    settle(harness);
}

/// The labels of the methods, in the order of their letters.
fn labels_by_letter(experiment: &Experiment) -> Vec<String> {
    let mut slots: Vec<usize> = (0..experiment.methods.len()).collect();
    in_letter_order(experiment, &mut slots, None);
    let methods = slots.iter().map(|slot| &experiment.methods[*slot]);
    methods.map(|method| method.label.clone()).collect()
}

/// Assigns a method to each letter, under initials.
fn guess(harness: &mut Harness<'_, App>, initials: &str, labels: &[String]) {
    write_initials(harness, initials);
    for (letter, label) in ["A", "B", "C", "D", "E", "F"].iter().zip(labels) {
        click(harness, &format!("Method of curve {letter}"));
        let rows = harness.query_all_by_role_and_label(Role::Button, label);
        rows.last().expect("a row of the menu").click();
        harness.run_steps(4);
    }
    click(harness, "Add guess");
}

#[rstest]
fn guesses_are_counted_by_curve_and_by_letter() {
    let mut harness = at_the_end(open("welcome"), WindowLayout::Teach);
    let right = labels_by_letter(harness.state().experiment());
    ask(&mut harness);
    for letter in ["A", "B", "C", "D"] {
        let name = format!("Curve {letter}");
        assert_eq!(harness.query_all_by_label(&name).count(), 2, "{name}");
    }
    let mut wrong = right.clone();
    wrong.swap(0, 2);
    guess(&mut harness, "AB", &wrong);
    guess(&mut harness, "CD", &right);
    assert!(says(&harness, "Remove the guess of AB"));
    click(&mut harness, "Reveal");
    settle(&mut harness);
    let answer = format!(
        "A is {} · B is {} · C is {} · D is {}. CD: 4 of 4 · AB: 2 of 4. Right: A 1 of 2 · B 2 of 2 · C 1 of 2 · D 2 of 2.",
        right[0], right[1], right[2], right[3]
    );
    assert!(says(&harness, &answer), "{answer}");
    assert!(says(&harness, "BOME: click to hide"));
    assert_eq!(harness.query_all_by_label("Curve A").count(), 0);
}

#[rstest]
fn a_guess_that_was_not_added_counts_and_a_method_has_one_letter() {
    let mut harness = at_the_end(open("welcome"), WindowLayout::Teach);
    let right = labels_by_letter(harness.state().experiment());
    ask(&mut harness);
    for letter in ["A", "B"] {
        click(&mut harness, &format!("Method of curve {letter}"));
        let rows = harness.query_all_by_role_and_label(Role::Button, &right[0]);
        rows.last().expect("a row of the menu").click();
        harness.run_steps(4);
    }
    click(&mut harness, "Reveal");
    settle(&mut harness);
    // the second letter has taken the method from the first
    assert!(says(&harness, "guess: 0 of 4"));
}

#[rstest]
fn methods_with_one_curve_are_right_either_way() {
    let mut experiment = open("pbgd");
    experiment.methods.truncate(1);
    let mut twin = experiment.methods[0].clone();
    "twin".clone_into(&mut twin.label);
    experiment.methods.push(twin);
    let own = experiment.methods[0].label.clone();
    let mut harness = at_the_end(experiment, WindowLayout::Teach);
    let mut labels = labels_by_letter(harness.state().experiment());
    let first = labels[0].clone();
    // the curves of both have one name
    for (label, charts) in [("twin", 2), (own.as_str(), 0)] {
        let name = format!("{label}: click to hide, double click to isolate");
        assert_eq!(harness.query_all_by_label(&name).count(), charts, "{name}");
    }
    labels.swap(0, 1);
    ask(&mut harness);
    guess(&mut harness, "AB", &labels);
    click(&mut harness, "Reveal");
    settle(&mut harness);
    assert!(says(&harness, "AB: 2 of 2"));
    assert!(says(&harness, &format!("A is {first} (as ")));
}

/// The same curves under other names and colours, and in another order.
fn renamed(experiment: &Experiment) -> [Experiment; 2] {
    let mut swapped = experiment.clone();
    let labels = [0, 1].map(|slot| swapped.methods[slot].label.clone());
    swapped.methods[0].label.clone_from(&labels[1]);
    swapped.methods[1].label.clone_from(&labels[0]);
    swapped.methods[1].colour = Some([200, 0, 0]);
    let mut reversed = experiment.clone();
    reversed.methods.reverse();
    [swapped, reversed]
}

#[rstest]
fn no_pixel_and_no_node_depends_on_the_method_of_a_curve(
    #[values("welcome", "same-gap", "valleys")] preset: &str,
) {
    let shown = |experiment: Experiment| {
        let mut harness = at_the_end(experiment, WindowLayout::Present);
        ask(&mut harness);
        let hidden = (nodes(&harness), picture(&mut harness));
        click(&mut harness, "Reveal");
        settle(&mut harness);
        (hidden, picture(&mut harness))
    };
    let experiment = open(preset);
    let others = renamed(&experiment);
    let (hidden, revealed) = shown(experiment);
    let whole = hidden.0.join("\n");
    for chart in ["Landscape", "Race", "Value gap"] {
        assert!(whole.contains(chart), "{chart}");
    }
    for other in others {
        let (other_hidden, other_revealed) = shown(other);
        assert_eq!(hidden.0, other_hidden.0);
        assert!(is_same(&hidden.1, &other_hidden.1), "the pictures differ");
        // what is revealed does depend on it
        assert!(!is_same(&revealed, &other_revealed));
    }
}

#[rstest]
fn the_whole_window_is_the_same_with_other_colours() {
    for layout in [WindowLayout::Teach, WindowLayout::Compare] {
        let shown = |colour: [u8; 3]| {
            let mut experiment = open("welcome");
            for method in &mut experiment.methods {
                method.colour = Some(colour);
            }
            let mut harness = at_the_end(experiment, layout);
            ask(&mut harness);
            (nodes(&harness), picture(&mut harness))
        };
        let [one, other] = [[200, 0, 0], [0, 120, 0]].map(shown);
        assert_eq!(one.0, other.0);
        assert!(is_same(&one.1, &other.1), "{layout:?}");
    }
}

#[rstest]
fn nothing_that_would_tell_is_shown_or_done() {
    let mut harness = at_the_end(open("welcome"), WindowLayout::Compare);
    assert!(says(&harness, "Outer step of BOME") || says(&harness, "of BOME"));
    ask(&mut harness);
    for words in [
        "of BOME",
        "Hide BOME",
        "click to hide",
        "optimum at",
        "not converged",
        "Sort by",
        "hypergradient",
        "end at the",
    ] {
        assert!(!says(&harness, words), "{words}");
    }
    assert!(says(&harness, "Hidden until you reveal"));
    let before = harness.state().experiment().clone();
    let refused = "This would tell whose curve is whose";
    let keys = [
        (Key::Num1, Modifiers::NONE),
        (Key::Num2, Modifiers::ALT),
        (Key::Z, Modifiers::COMMAND),
    ];
    for (key, modifiers) in keys {
        harness.key_press_modifiers(modifiers, key);
        settle(&mut harness);
        assert!(says(&harness, refused), "{key:?}");
        assert!(says(&harness, "Curve A"), "{key:?}");
    }
    press(&mut harness, Key::E);
    assert!(harness.query_by_label("File").is_none(), "no dialog");
    assert_eq!(*harness.state().experiment(), before);
    // the levels show paths, too
    press(&mut harness, Key::L);
    settle(&mut harness);
    assert!(!says(&harness, "BOME: "));
    // the playhead is free
    press(&mut harness, Key::Home);
    settle(&mut harness);
    assert_eq!(harness.state().iteration(), 0);
    assert!(says(&harness, "Curve A"));
    // the names are not shown without a question
    press(&mut harness, Key::M);
    settle(&mut harness);
    assert!(says(&harness, "Curve A"));
    click(&mut harness, "Cancel");
    assert!(says(&harness, "Curve A"));
    click(&mut harness, "Where does it end?");
    settle(&mut harness);
    assert!(says(&harness, "Curve A"));
    click(&mut harness, "Show the names");
    settle(&mut harness);
    assert!(says(&harness, "BOME: click to hide"));
    assert!(says(&harness, "Where does it end?"));
}

#[rstest]
fn leaving_the_question_can_reveal_it() {
    let mut harness = at_the_end(open("welcome"), WindowLayout::Teach);
    ask(&mut harness);
    press(&mut harness, Key::M);
    settle(&mut harness);
    harness.get_by_role_and_label(Role::Button, "Show the names");
    let reveals = harness.query_all_by_role_and_label(Role::Button, "Reveal");
    reveals.last().expect("an answer").click();
    settle(&mut harness);
    assert!(says(&harness, "A is "));
    // once revealed nothing is asked
    press(&mut harness, Key::M);
    settle(&mut harness);
    assert!(!says(&harness, "A is "));
    assert!(!says(&harness, "Show the names"));
}

#[rstest]
fn letters_are_shuffled_until_a_guess_names_them() {
    let mut harness = at_the_end(open("welcome"), WindowLayout::Teach);
    let in_file = labels_by_letter(harness.state().experiment());
    let answer = |labels: &[String]| {
        let letters = ["A", "B", "C", "D"].iter().zip(labels);
        let parts = letters.map(|(letter, label)| format!("{letter} is {label}"));
        parts.collect::<Vec<_>>().join(" · ")
    };
    ask(&mut harness);
    click(&mut harness, "Shuffle");
    settle(&mut harness);
    click(&mut harness, "Reveal");
    settle(&mut harness);
    assert!(says(&harness, "A is ") && !says(&harness, &answer(&in_file)));
    // the shuffled letters stay for the next question of this window
    let shown = |harness: &Harness<'_, App>| {
        let nodes = nodes(harness).into_iter();
        nodes
            .filter(|node| node.contains("A is "))
            .collect::<Vec<_>>()
    };
    let first = shown(&harness);
    press(&mut harness, Key::M);
    settle(&mut harness);
    ask(&mut harness);
    click(&mut harness, "Reveal");
    settle(&mut harness);
    assert_eq!(shown(&harness), first);
    press(&mut harness, Key::M);
    settle(&mut harness);
    ask(&mut harness);
    guess(&mut harness, "AB", &in_file);
    let shuffle = harness.get_by_label("Shuffle");
    assert!(shuffle.accesskit_node().is_disabled());
}

#[rstest]
fn return_closes_the_menu_of_a_letter() {
    let mut harness = at_the_end(open("welcome"), WindowLayout::Teach);
    ask(&mut harness);
    let label = labels_by_letter(harness.state().experiment())[0].clone();
    let rows = |harness: &Harness<'_, App>| {
        let rows = harness.query_all_by_role_and_label(Role::Button, &label);
        rows.count()
    };
    let before = rows(&harness);
    click(&mut harness, "Method of curve A");
    assert_eq!(rows(&harness), before + 1);
    let chosen = harness.query_all_by_role_and_label(Role::Button, &label);
    chosen.last().expect("a row of the menu").focus();
    harness.run_steps(2);
    press(&mut harness, Key::Enter);
    harness.run_steps(3);
    assert_eq!(rows(&harness), before);
    assert!(says(&harness, "Method of curve A"));
}

#[rstest]
fn the_chips_of_an_order_keep_their_places() {
    let mut harness = at_the_end(open("same-gap"), WindowLayout::Teach);
    press(&mut harness, Key::M);
    settle(&mut harness);
    click(&mut harness, "Who ends best?");
    settle(&mut harness);
    let chip = |harness: &Harness<'_, App>, words: &str| {
        let chips = harness.query_all_by_role_and_label(Role::Button, words);
        chips.last().map(|chip| chip.rect())
    };
    let before = ["AID-CG", "AID-CG, T = 30", "ITD"].map(|label| chip(&harness, label));
    let chips = harness.query_all_by_role_and_label(Role::Button, "AID-CG");
    chips.last().expect("a chip").click();
    harness.run_steps(4);
    let after = ["1. AID-CG", "AID-CG, T = 30", "ITD"].map(|label| chip(&harness, label));
    assert!(before.iter().all(Option::is_some));
    assert_eq!(before, after);
}

#[rstest]
#[case("Where does it end?")]
#[case("Who ends best?")]
#[case(QUESTION)]
fn a_prediction_leaves_a_presentation_most_of_its_room(#[case] question: &str) {
    let mut harness = at_the_end(open("welcome"), WindowLayout::Present);
    let height = |harness: &Harness<'_, App>| harness.get_by_label("Landscape").rect().height();
    let before = height(&harness);
    press(&mut harness, Key::M);
    settle(&mut harness);
    if question != "Where does it end?" {
        click(&mut harness, "Question of the prediction");
        click(&mut harness, question);
        settle(&mut harness);
    }
    assert!(
        height(&harness) >= 0.9 * before,
        "{} of {before}",
        height(&harness)
    );
}

#[rstest]
fn the_fields_of_many_letters_go_to_the_next_row(
    #[values(WindowLayout::Present, WindowLayout::Teach)] layout: WindowLayout,
) {
    let mut harness = at_the_end(open("pbgd"), layout);
    ask(&mut harness);
    let reveal = harness.get_by_label("Reveal").rect();
    let field = |letter: &&str| {
        let name = format!("Method of curve {letter}");
        harness.get_by_label(&name).rect()
    };
    let fields: Vec<egui::Rect> = ["A", "B", "C", "D", "E", "F"].iter().map(field).collect();
    for (number, field) in fields.iter().enumerate() {
        assert!(!field.intersects(reveal), "{field:?} and {reveal:?}");
        assert!(field.right() <= reveal.right(), "{field:?}");
        let mut others = fields[number + 1..].iter();
        assert!(!others.any(|other| field.intersects(*other)));
    }
}

#[rstest]
fn a_step_of_a_lesson_asks_whose_curve_is_whose() {
    let mut harness = at_the_end(open("welcome"), WindowLayout::Teach);
    let lesson = bilevel_files::open_lesson("fair-race").expect("it is built in");
    harness.state_mut().begin_lesson("fair-race", lesson);
    for _ in 0..3 {
        press(&mut harness, Key::PageDown);
        settle(&mut harness);
    }
    assert!(says(&harness, "Method of curve D"));
    assert_eq!(harness.state().iteration(), 5000);
    press(&mut harness, Key::PageDown);
    settle(&mut harness);
    assert!(!says(&harness, "Method of curve"));
    assert!(says(&harness, "BOME: click to hide"));
}

/// Opens an experiment with another title, as a text from the clipboard.
fn paste(harness: &mut Harness<'_, App>, title: &str) {
    let mut experiment = open("valleys");
    title.clone_into(&mut experiment.title);
    harness.event(egui::Event::Paste(experiment.write()));
    settle(harness);
}

#[rstest]
fn opening_another_experiment_asks_before_it_ends_the_question() {
    let title = |harness: &Harness<'_, App>| harness.state().experiment().title.clone();
    let mut harness = at_the_end(open("welcome"), WindowLayout::Teach);
    ask(&mut harness);
    let before = title(&harness);
    paste(&mut harness, "Other");
    click(&mut harness, "Cancel");
    assert!(says(&harness, "Curve A"));
    assert_eq!(title(&harness), before);
    // the other experiment waits until the answer is read
    paste(&mut harness, "Other");
    let reveals = harness.query_all_by_role_and_label(Role::Button, "Reveal");
    reveals.last().expect("an answer").click();
    settle(&mut harness);
    assert!(says(&harness, "A is "));
    assert_eq!(title(&harness), before);
    paste(&mut harness, "Other");
    assert_eq!(title(&harness), "Other");
    assert!(!says(&harness, "End the question"));
    // without a guess the end of a run is no secret that is lost
    press(&mut harness, Key::M);
    settle(&mut harness);
    paste(&mut harness, "Third");
    assert_eq!(title(&harness), "Third");
    ask(&mut harness);
    paste(&mut harness, "Fourth");
    click(&mut harness, "End the question");
    settle(&mut harness);
    assert_eq!(title(&harness), "Fourth");
    assert!(!says(&harness, "Curve A"));
}
