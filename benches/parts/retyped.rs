//! The time from the last key of a formula to the first iterations of its runs, in the whole window without a screen.

use std::time::{Duration, Instant};

use bilevel::formula::Model;
use bilevel_files::{ProblemSpec, ViewSpec};
use bilevel_lab::app::App;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// The number of keys pressed.
const KEYS: u32 = 40;
/// The leader's objective; a digit at its end changes.
const LEADER: &str = "(x - 3)^2 + y^2 + ";
/// The longest wait for runs before the measurement fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Milliseconds from a key until every run of the race has moved: the median and the maximum over all keys.
pub(crate) fn measure() -> [f64; 2] {
    let mut window = window();
    window.get_by_label("Objective of level 1").click();
    window.run_steps(3);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_steps(2);
    window.event(Event::Text(LEADER.to_owned()));
    window.run_steps(3);
    let start = window.state().experiment().problem.build();
    let at = start.metadata().start.values().to_vec();
    let mut times: Vec<f64> = (0..KEYS)
        .map(|number| {
            let digit = 1 + number % 9;
            let begin = (at[0] - 3.0).powi(2) + at[1].powi(2) + f64::from(digit);
            let pressed = Instant::now();
            window.event(Event::Text(digit.to_string()));
            loop {
                window.step();
                let has_moved = window.state().records().all(|(trace, done)| {
                    let first = trace.objectives[0].values().first();
                    done > 0 && first.is_some_and(|first| (first - begin).abs() < 1e-9)
                });
                if has_moved {
                    break;
                }
                assert!(pressed.elapsed() < PATIENCE, "no run has moved");
                std::thread::sleep(Duration::from_millis(1));
            }
            let time = 1e3 * pressed.elapsed().as_secs_f64();
            // the referee and the pictures are busy when the next key comes
            for _ in 0..10 {
                window.step();
                std::thread::sleep(Duration::from_millis(5));
            }
            window.key_press(Key::Backspace);
            window.run_steps(3);
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    [times[times.len() / 2], times[times.len() - 1]]
}

/// The methods of the first preset on the editor's initial formulas.
fn window() -> Harness<'static, App> {
    let mut experiment = bilevel_lab::embedded::open("welcome").expect("the preset is right");
    experiment.problem = ProblemSpec::typed(Model::clone(Model::starter()));
    experiment.starts.clear();
    experiment.view = ViewSpec::default();
    let builder = Harness::builder().with_size([1280.0, 720.0]);
    let mut window = builder.build_eframe(|cc| App::new(&cc.egui_ctx, "formulas", experiment));
    window.run_steps(5);
    window
}
