//! Fuzzing with a stable compiler: mutates the seed corpus for some time, without coverage feedback.
//!
//! `mutate TARGET SECONDS [SEED]`; prints the number of inputs tried and the slowest one.

use std::path::Path;
use std::time::{Duration, Instant};

const WORDS: &[&str] = &[
    "sum(i, 1, n, ", "dot(w, w)", "norm2(w)", "sigmoid(", "softplus(", "x", "w[i]", "w[1]", "y", "s", "a", "^", "-", "+",
    "*", "/", "(", ")", "[", "]", ",", "1e308", "0", "2", "pi", "e", "\n", "=", "\"", "[problem]", "[[problem.level]]",
    "[[method]]", "id = ", "formula", "bounds", "variables", "inf", "nan", "{", "}", "min(", "max(", "log(", "acosh(", "−", "θ",
];

struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

fn mutated(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut data = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(6) {
        let place = chance.below(data.len() + 1);
        let until = (place + chance.below(12)).min(data.len());
        match chance.below(7) {
            0 => drop(data.drain(place..until)),
            1 if place < data.len() => data[place] = chance.next() as u8,
            2 => drop(data.splice(place..place, WORDS[chance.below(WORDS.len())].bytes())),
            3 => {
                let part = data[place..until].to_vec();
                for _ in 0..chance.below(40) {
                    drop(data.splice(place..place, part.iter().copied()));
                }
            }
            4 => {
                let other = &seeds[chance.below(seeds.len())];
                let from = chance.below(other.len() + 1);
                drop(data.splice(place.., other[from..].iter().copied()));
            }
            5 => drop(data.splice(place..until, WORDS[chance.below(WORDS.len())].bytes())),
            _ => data.truncate(place),
        }
        data.truncate(1 << 14);
    }
    data
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let name = words.first().map_or("formula", String::as_str);
    let target: fn(&[u8]) = match name {
        "formula" => bilevel_lab_fuzz::formula,
        "experiment" => bilevel_lab_fuzz::experiment,
        other => panic!("there is no target {other}"),
    };
    let seconds = words.get(1).and_then(|word| word.parse().ok()).unwrap_or(60);
    let seed = words.get(2).and_then(|word| word.parse().ok()).unwrap_or(1_u64);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(folder).expect("the corpus").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).expect("a seed")).collect();
    seeds.iter().for_each(|seed| target(seed));
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let (begin, mut count, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
    while begin.elapsed().as_secs() < seconds {
        let data = mutated(&seeds, &mut chance);
        let clock = Instant::now();
        if std::panic::catch_unwind(|| target(&data)).is_err() {
            println!("a finding: {:?}", String::from_utf8_lossy(&data));
            std::process::exit(1);
        }
        slowest = slowest.max(clock.elapsed());
        count += 1;
    }
    println!("{name}: {count} inputs in {seconds} s from {} seeds, no finding; the slowest took {slowest:.1?}", seeds.len());
}
