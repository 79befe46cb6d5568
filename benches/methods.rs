//! The cost of an outer iteration: BOME in three forms, all methods, and derivatives by two kinds of numbers.

#[path = "parts/coreset.rs"]
mod coreset;
#[path = "parts/recorded.rs"]
#[expect(
    dead_code,
    reason = "what a run says of its own time is for the ratios"
)]
mod recorded;
#[path = "parts/straight_line.rs"]
mod straight_line;

use std::hint::black_box;

use bilevel::method::METHODS;
use bilevel::numerics::{Nilpotent, WorkToken};
use coreset::{Unrecorded, spec};
use criterion::{Criterion, Throughput};
use straight_line::StraightLine;

const ITERATIONS: u64 = 1000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    bome(&mut criterion);
    methods(&mut criterion);
    derivatives(&mut criterion);
    criterion.final_summary();
}

/// 1,000 outer iterations of BOME on the coreset from the published start.
fn bome(criterion: &mut Criterion) {
    recorded::expect_one_method(ITERATIONS);
    let mut group = criterion.benchmark_group("bome on the coreset");
    group.throughput(Throughput::Elements(ITERATIONS));
    group.bench_function("straight line, one softmax", |bencher| {
        let mut run = StraightLine::new();
        bencher.iter(|| (0..ITERATIONS).for_each(|_| run.step_with_one_softmax()));
    });
    group.bench_function("straight line", |bencher| {
        let mut run = StraightLine::new();
        bencher.iter(|| (0..ITERATIONS).for_each(|_| run.step()));
    });
    group.bench_function("trait objects, counted", |bencher| {
        let mut run = Unrecorded::new("bome");
        bencher.iter(|| (0..ITERATIONS).for_each(|_| run.step()));
    });
    group.bench_function("recorded", |bencher| {
        bencher.iter(|| recorded::record(ITERATIONS));
    });
    group.finish();
}

/// An outer iteration of every method on the coreset, with default settings.
fn methods(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("outer iteration on the coreset");
    for method in METHODS {
        // two of them are for min-max problems, but every method can take a step on any problem
        let mut run = Unrecorded::new(method.id);
        group.bench_function(method.id, |bencher| bencher.iter(|| run.step()));
    }
    group.finish();
}

/// A second derivative of the follower's objective: static dual numbers against nilpotent numbers.
fn derivatives(criterion: &mut Criterion) {
    let spec = spec("bome", 1);
    let (problem, at) = (&spec.problem, &spec.start);
    let token = WorkToken::default();
    let mut group = criterion.benchmark_group("mixed second derivative of g on the coreset");
    group.bench_function("dual numbers", |bencher| {
        let mut out = [0.0; 4];
        bencher.iter(|| {
            problem.product(2, black_box(at), [1, 2], &[1.0, 0.0], &mut out, &token);
            out
        });
    });
    group.bench_function("nilpotent numbers", |bencher| {
        bencher.iter(|| {
            let mut numbers: Vec<Nilpotent> =
                at.values().iter().copied().map(Nilpotent::from).collect();
            numbers[4] += Nilpotent::generator(0);
            // one entry per evaluation: the product's four entries take four of them
            (0..4)
                .map(|variable| {
                    let mut lifted = numbers.clone();
                    lifted[variable] += Nilpotent::generator(1);
                    problem
                        .higher(2, black_box(&lifted), &token)
                        .coefficient(0b11)
                })
                .sum::<f64>()
        });
    });
    group.finish();
}
