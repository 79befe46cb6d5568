//! Random clicks, drags, keys, words and sizes on the window without a screen: every frame can be drawn.

use std::path::PathBuf;

use bilevel_lab::app::App;
use bilevel_lab::embedded::PRESETS;
use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, Role, Theme, Vec2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use rstest::rstest;

use crate::support::driving::{name_of, press, settle, short_window, window};

/// Random events for each preset and layout.
const EVENTS: usize = 16;
const WIDE: [f32; 2] = [1280.0, 720.0];
const LAYOUTS: [&str; 3] = ["teach", "compare", "present"];
const SIZES: [[f32; 2]; 5] = [
    [300.0, 240.0],
    [640.0, 480.0],
    [900.0, 600.0],
    [1280.0, 720.0],
    [1920.0, 1080.0],
];
/// All keys of the shortcuts, and those that move the focus. The one that quits does nothing here.
const KEYS: [Key; 32] = [
    Key::Space,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::Home,
    Key::End,
    Key::R,
    Key::Num1,
    Key::Num2,
    Key::Num8,
    Key::L,
    Key::Z,
    Key::Y,
    Key::O,
    Key::S,
    Key::E,
    Key::K,
    Key::T,
    Key::F,
    Key::H,
    Key::F1,
    Key::Questionmark,
    Key::Q,
    Key::A,
    Key::B,
    Key::C,
    Key::Tab,
    Key::Enter,
    Key::Backspace,
    Key::Escape,
    Key::Escape,
];
const WORDS: [&str; 14] = [
    "nan", "inf", "1e308", "-1e308", "1e-308", "0", "-5", "3.5", "2", "99999999", "--1", "abc",
    "∞ %", "bome",
];

/// A source of random events, reproducible by its seed.
struct Monkey {
    random: ChaCha8Rng,
    size: [f32; 2],
}

impl Monkey {
    fn below(&mut self, end: usize) -> usize {
        self.random.next_u32() as usize % end
    }

    fn one_of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())]
    }

    fn anywhere(&mut self) -> Pos2 {
        let [width, height] = self.size.map(|side| side as usize);
        pos2(self.below(width) as f32, self.below(height) as f32)
    }

    /// The centre of a random control, or any other position.
    fn somewhere(&mut self, harness: &Harness<'_, App>) -> Pos2 {
        if self.below(3) == 0 {
            return self.anywhere();
        }
        let controls: Vec<Pos2> = harness
            .root()
            .children_recursive()
            .filter(|node| is_control(node.accesskit_node().role()))
            .map(|node| node.rect().center())
            .collect();
        if controls.is_empty() {
            self.anywhere()
        } else {
            self.one_of(&controls)
        }
    }

    fn act(&mut self, harness: &mut Harness<'_, App>) {
        match self.below(12) {
            0..=3 => {
                let at = self.somewhere(harness);
                let times = 1 + self.below(2);
                for _ in 0..times {
                    click(harness, at);
                }
            }
            4 | 5 => {
                let (from, to) = (self.somewhere(harness), self.anywhere());
                drag(harness, from, to);
            }
            6 => {
                let at = self.anywhere();
                let modifiers = self.one_of(&[Modifiers::NONE, Modifiers::CTRL, Modifiers::SHIFT]);
                let delta = Vec2::new(0.0, self.below(400) as f32 - 200.0);
                turn(harness, at, delta, modifiers);
            }
            7 | 8 => {
                let key = self.one_of(&KEYS);
                let held = self.one_of(&[
                    Modifiers::NONE,
                    Modifiers::NONE,
                    Modifiers::COMMAND,
                    Modifiers::SHIFT,
                    Modifiers::ALT,
                ]);
                harness.key_press_modifiers(held, key);
            }
            9 | 10 => {
                let at = self.somewhere(harness);
                click(harness, at);
                harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
                harness.event(Event::Text(self.one_of(&WORDS).to_owned()));
                harness.step();
                let end = self.one_of(&[Key::Enter, Key::Tab, Key::Escape]);
                harness.key_press(end);
            }
            _ => {
                self.size = self.one_of(&SIZES);
                harness.set_size(self.size.into());
            }
        }
        harness.step();
    }
}

/// True if the role is that of a control.
fn is_control(role: Role) -> bool {
    [
        Role::Button,
        Role::CheckBox,
        Role::ComboBox,
        Role::Link,
        Role::RadioButton,
        Role::Slider,
        Role::SpinButton,
        Role::TextInput,
    ]
    .contains(&role)
}

/// Clicks, unless that would open a dialog of the desktop.
fn click(harness: &mut Harness<'_, App>, at: Pos2) {
    let opens_dialog = harness
        .query_all_by_label_contains("Browse")
        .any(|node| node.rect().expand(8.0).contains(at));
    if opens_dialog {
        return;
    }
    drag(harness, at, at);
}

fn drag(harness: &mut Harness<'_, App>, from: Pos2, to: Pos2) {
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    harness.event(Event::PointerMoved(from));
    harness.event(button(from, true));
    harness.step();
    if from != to {
        harness.event(Event::PointerMoved(from.lerp(to, 0.5)));
        harness.step();
        harness.event(Event::PointerMoved(to));
    }
    harness.event(button(to, false));
    harness.step();
}

fn turn(harness: &mut Harness<'_, App>, at: Pos2, delta: Vec2, modifiers: Modifiers) {
    harness.event(Event::PointerMoved(at));
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers,
    });
    harness.step();
}

/// Checks that every node has a position and every control a name.
fn check(harness: &Harness<'_, App>, when: &str) {
    let mut nodes = 0;
    for node in harness.root().children_recursive() {
        nodes += 1;
        let (role, label) = (node.accesskit_node().role(), node.accesskit_node().label());
        if let Some(bounds) = node.accesskit_node().raw_bounds() {
            let sides = [bounds.x0, bounds.y0, bounds.x1, bounds.y1];
            assert!(
                sides.iter().all(|side| side.is_finite()),
                "{role:?} {label:?} is at {sides:?} {when}"
            );
        }
        if is_control(role) {
            let has_name = label.is_some_and(|label| !label.trim().is_empty());
            assert!(
                has_name,
                "a {role:?} at {:?} has no name {when}",
                node.rect()
            );
        }
    }
    assert!(nodes > 3, "there is nothing to be seen {when}");
}

#[rstest]
fn nothing_that_a_hand_can_do_breaks_the_window(
    #[files("presets/*.toml")]
    #[exclude("cleaning|regression|regularization|continual")] // PRESETS has none of them
    preset: PathBuf,
) {
    let preset = name_of(&preset);
    let number = PRESETS.iter().position(|other| other.name == preset);
    let number = number.expect("the preset is in the list");
    let theme = [Theme::Light, Theme::Dark][number % 2];
    let mut monkey = Monkey {
        random: ChaCha8Rng::seed_from_u64(number as u64),
        size: WIDE,
    };
    let mut harness = short_window(&preset, WIDE, theme);
    for layout in LAYOUTS {
        monkey.size = WIDE;
        harness.set_size(WIDE.into());
        lay_out(&mut harness, layout);
        for event in 0..EVENTS {
            monkey.act(&mut harness);
            if event % 8 == 7 {
                let when = format!("after {event} events on {preset}, {layout}");
                check(&harness, &when);
            }
        }
        leave_everything(&mut harness);
        let title = "Close the keyboard shortcuts (Esc)";
        assert!(harness.query_by_label(title).is_none(), "{preset}");
        press(&mut harness, Key::F1);
        harness.step();
        assert!(harness.query_by_label(title).is_some(), "{preset}");
        press(&mut harness, Key::Escape);
    }
}

/// Leaves fields, menus, the palette, the dialogs and the sheet of keys.
fn leave_everything(harness: &mut Harness<'_, App>) {
    for _ in 0..4 {
        press(harness, Key::Escape);
    }
}

fn lay_out(harness: &mut Harness<'_, App>, layout: &str) {
    harness.step();
    harness.step();
    harness.get_by_label("Layout").click();
    harness.step();
    harness.step();
    harness.get_by_role_and_label(Role::Button, layout).click();
    harness.step();
    harness.step();
}

#[rstest]
fn a_view_can_be_zoomed_and_panned_without_end_and_comes_back() {
    for view in ["Landscape", "Reduced objective", "Race", "Value gap"] {
        for direction in [-1.0, 1.0] {
            let mut harness = window("valleys", [1280.0, 720.0], Theme::Light);
            let at = harness
                .query_all_by_label_contains(view)
                .find(|node| node.accesskit_node().role() == Role::Figure)
                .expect("the view is there")
                .rect()
                .center();
            for _ in 0..30 {
                turn(
                    &mut harness,
                    at,
                    Vec2::new(0.0, 4000.0 * direction),
                    Modifiers::NONE,
                );
            }
            check(&harness, "far in or out");
            drag(&mut harness, at, at + Vec2::new(40.0, 25.0));
            check(&harness, "panned there");
            drag(&mut harness, at, at);
            drag(&mut harness, at, at);
            settle(&mut harness);
            check(&harness, "back again");
        }
    }
}
