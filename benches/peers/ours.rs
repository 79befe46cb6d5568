//! Our side of the comparison with peers, as JSON: a point, as proof that the peer runs the same method, and the
//! nanoseconds of an outer iteration.
//!
//! Without arguments: BOME on the toy coreset, after 100 outer iterations, for `peers.py`. With `linear` or
//! `exponential` and a number of runs: the exact method for three players with that demand, after 50, for `nested.py`.

#[path = "../parts/coreset.rs"]
mod coreset;
#[path = "../parts/game.rs"]
mod game;
#[path = "../parts/in_turn.rs"]
#[expect(dead_code, reason = "only the processor's clock is wanted here")]
mod in_turn;

use std::io::Write as _;
use std::time::Instant;

use coreset::Unrecorded;
use game::Game;
use in_turn::processor_seconds;

/// The number of outer iterations of BOME per timing.
const ITERATIONS: u32 = 100_000;
/// The number of outer iterations per run of the game.
const OF_A_RUN: u32 = 50;

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (point, nanoseconds) = match &words[..] {
        [demand, runs] => nested(demand, runs.parse().expect("a number of runs")),
        _ => bome(),
    };
    let answer = serde_json::json!({ "point": point, "nanoseconds": nanoseconds });
    writeln!(std::io::stdout(), "{answer}")
}

fn bome() -> (Vec<f64>, f64) {
    let mut run = Unrecorded::new("bome");
    (0..100).for_each(|_| run.step());
    let point = run.values().to_vec();
    let clock = Instant::now();
    (0..ITERATIONS).for_each(|_| run.step());
    let seconds = clock.elapsed().as_secs_f64();
    (point, seconds * 1e9 / f64::from(ITERATIONS))
}

/// Times whole runs from the start, since a converged method has nothing left to solve; in processor time, which other
/// programs do not lengthen.
fn nested(demand: &str, runs: u32) -> (Vec<f64>, f64) {
    let game = Game::new(3, demand, "implicit", &[]);
    let point = game.run(OF_A_RUN).0.values().to_vec();
    let before = processor_seconds();
    for _ in 0..runs {
        std::hint::black_box(game.run(OF_A_RUN));
    }
    let seconds = processor_seconds() - before;
    (point, seconds * 1e9 / f64::from(runs * OF_A_RUN))
}
