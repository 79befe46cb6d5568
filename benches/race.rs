//! A frame of the race with short and with long traces: its cost should depend on the pixels, not on the rows.

#[path = "parts/race_frame.rs"]
mod race_frame;

use bilevel::study::RunCost;
use bilevel_figure::AxisScale;
use bilevel_figure::race::RaceOptions;
use criterion::{BenchmarkId, Criterion};
use race_frame::Race;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("a frame of the race, eight runs");
    for iterations in [10_000, 100_000, 1_000_000] {
        let mut race = Race::new(iterations, 0.2);
        for (name, cost, scale) in [
            ("iterations, log", RunCost::Iterations, AxisScale::Log),
            ("iterations, linear", RunCost::Iterations, AxisScale::Linear),
            ("time, linear", RunCost::Time, AxisScale::Linear),
        ] {
            let view = RaceOptions {
                cost,
                scales: [scale, AxisScale::Log],
                ..RaceOptions::default()
            };
            group.bench_function(BenchmarkId::new(name, iterations), |bencher| {
                bencher.iter(|| race.frame(view, true));
            });
        }
    }
    group.finish();
    criterion.final_summary();
}
