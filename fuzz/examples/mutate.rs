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

const NUMBERS: &[&str] = &[
    "0", "-1", "2", "1e308", "-1e308", "5e-324", "1e-300", "255", "256", "65536", "4294967296", "9007199254740993", "18446744073709551615",
    "-9223372036854775808", "nan", "inf", "-inf", "", "null", "[]", "{}", "\"\"", "true", "0.5", "1,5", "+3", "007", "1e999",
];

/// The number, quoted word or bare word around a byte, so that what is around it stays sound.
fn word_around(data: &[u8], place: usize) -> std::ops::Range<usize> {
    let is_end = |byte: &u8| b",;:[]{}()\" \t\r\n=".contains(byte);
    let from = data[..place].iter().rposition(is_end).map_or(0, |end| end + 1);
    let until = data[place..].iter().position(is_end).map_or(data.len(), |end| place + end);
    from..until
}

/// The line around a byte, with its end.
fn line_around(data: &[u8], place: usize) -> std::ops::Range<usize> {
    let from = data[..place].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let until = data[place..].iter().position(|byte| *byte == b'\n').map_or(data.len(), |end| place + end + 1);
    from..until
}

fn mutated(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut data = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(6) {
        let place = chance.below(data.len() + 1);
        let until = (place + chance.below(12)).min(data.len());
        match chance.below(12) {
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
            6 => data.truncate(place),
            7 => {
                let line = data[line_around(&data, place)].to_vec();
                let other = line_around(&data, chance.below(data.len() + 1));
                drop(data.splice(other.start..other.start, line));
            }
            8 => drop(data.drain(line_around(&data, place))),
            _ => drop(data.splice(word_around(&data, place), NUMBERS[chance.below(NUMBERS.len())].bytes())),
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
        "table" => bilevel_lab_fuzz::table,
        "sparse" => bilevel_lab_fuzz::sparse,
        "images" => bilevel_lab_fuzz::images,
        "results" => bilevel_lab_fuzz::results,
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
