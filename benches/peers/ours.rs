//! Our side of `peers.py`: the point after 100 outer iterations of BOME on the toy coreset, and the nanoseconds of one.

#[path = "../parts/coreset.rs"]
mod coreset;

use std::io::Write as _;
use std::time::Instant;

use coreset::Unrecorded;

/// How many outer iterations are timed at a time.
const ITERATIONS: u32 = 100_000;

fn main() -> std::io::Result<()> {
    let mut run = Unrecorded::new("bome");
    (0..100).for_each(|_| run.step());
    let point = run.values().to_vec();
    let clock = Instant::now();
    (0..ITERATIONS).for_each(|_| run.step());
    let nanoseconds = clock.elapsed().as_secs_f64() * 1e9 / f64::from(ITERATIONS);
    let answer = serde_json::json!({ "point": point, "nanoseconds": nanoseconds });
    writeln!(std::io::stdout(), "{answer}")
}
