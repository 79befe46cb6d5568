//! The cost of an outer iteration in n nested levels: times and calls on the Stackelberg game, as the tables of
//! `docs/nested-cost.md`. A word after `--` chooses a method: `implicit`, `itd`, `finite-difference`.

#[path = "parts/game.rs"]
mod game;
#[path = "parts/in_turn.rs"]
#[expect(dead_code, reason = "only the processor's clock is wanted here")]
mod in_turn;

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use bilevel::problem::{Counts, OracleCall};
use game::Game;
use in_turn::processor_seconds;

/// The first iterations of a run: in later ones an exact method has little left to solve.
const ITERATIONS: u32 = 10;
/// The minimum duration of a measurement.
const LEAST: Duration = Duration::from_secs(1);

/// Settings of T gradient steps with the presets' step size.
const LOOPS: [(&str, f64); 2] = [("inner_steps", 10.0), ("inner_step_size", 0.05)];

fn main() -> std::io::Result<()> {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut out = std::io::stdout();
    for (method, settings, most) in [
        ("implicit", &[][..], 6),
        ("itd", &LOOPS, 4),
        ("finite-difference", &LOOPS, 4),
    ] {
        if !wanted.is_empty() && wanted.iter().all(|word| word != method) {
            continue;
        }
        for demand in ["linear", "exponential"] {
            writeln!(out, "\n{method}, {demand} demand\n")?;
            write!(out, "| n | time | times the row before |")?;
            for call in OracleCall::ALL {
                write!(out, " {} |", call.name())?;
            }
            writeln!(out, "\n|---|---|---|---|---|---|---|---|")?;
            let mut before = None;
            for players in 2..=most {
                let game = Game::new(players, demand, method, settings);
                let (_, counts) = game.run(ITERATIONS);
                let time = microseconds(&game);
                let growth =
                    before.map_or(String::new(), |before: f64| format!("{:.1}", time / before));
                before = Some(time);
                write!(out, "| {players} | {time:.2} µs | {growth} |")?;
                for call in OracleCall::ALL {
                    write!(out, " {} |", by_level(&counts, call, players))?;
                }
                writeln!(out)?;
            }
        }
    }
    Ok(())
}

/// Microseconds of processor time per outer iteration, which other programs do not lengthen.
fn microseconds(game: &Game) -> f64 {
    game.run(ITERATIONS);
    let (opened, before) = (Instant::now(), processor_seconds());
    let mut runs = 0;
    while opened.elapsed() < LEAST {
        std::hint::black_box(game.run(ITERATIONS));
        runs += 1;
    }
    1e6 * (processor_seconds() - before) / f64::from(runs * ITERATIONS)
}

/// The calls of a kind per outer iteration, for each level from 1 on.
fn by_level(counts: &Counts, call: OracleCall, levels: usize) -> String {
    if counts.total(call) == 0 {
        return "0".to_owned();
    }
    let mut list = String::new();
    for level in 1..=levels {
        let separator = if level == 1 { "" } else { " / " };
        let calls = counts.of(call, level) as f64 / f64::from(ITERATIONS);
        let digits = usize::from(calls.fract() != 0.0 && calls < 100.0);
        write!(list, "{separator}{calls:.digits$}").expect("a string takes anything");
    }
    list
}
