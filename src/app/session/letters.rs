//! Letters in place of methods: while a prediction asks whose curve is whose, pictures are of an experiment whose methods are
//! letters, so that nothing that draws can know more.

use bilevel::run::Trace;
use bilevel_files::{Experiment, in_letter_order};

use super::{LiveRun, Session};

/// The letters, and with them the most curves that are asked for.
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// The most rows of two runs that are compared.
const ROWS: usize = 256;
/// The largest difference of equal values, as a share of the larger one.
const EQUAL: f64 = 1e-9;

/// The letter of a number; empty beyond the last.
pub(crate) fn letter(number: usize) -> &'static str {
    ALPHABET.get(number..=number).unwrap_or_default()
}

/// The methods behind letters.
pub(crate) struct Letters {
    /// The slots of the methods, in the order of their letters.
    slots: Vec<usize>,
    /// The experiment with a method for each letter, all alike.
    experiment: Experiment,
}

impl Letters {
    /// The experiment in which each letter is a method.
    pub(crate) fn experiment(&self) -> &Experiment {
        &self.experiment
    }
}

impl Session {
    /// The letters that stand for the methods now.
    pub(crate) fn letters(&self) -> Option<&Letters> {
        self.letters.as_ref()
    }

    /// Puts letters in place of methods, by the slots of the methods, or takes them away.
    pub(crate) fn set_letters(&mut self, slots: Option<&[usize]>) {
        if self.letters.as_ref().map(|it| &it.slots[..]) == slots {
            return;
        }
        self.letters = slots.map(|slots| Letters {
            slots: slots.to_vec(),
            experiment: lettered(&self.experiment, slots.len()),
        });
        if self.letters.is_some() {
            self.forget_outcomes();
        }
    }

    /// The chosen run of each letter.
    pub(crate) fn lettered_runs(&self) -> impl Iterator<Item = (usize, &LiveRun)> {
        let slots = self.letters.iter().flat_map(|letters| &letters.slots);
        let runs = slots
            .enumerate()
            .map(|(number, slot)| Some((number, self.run_of(self.slots.get(*slot)?)?)));
        runs.flatten()
    }

    /// The labels of the methods that have curves, in the order of their letters, perhaps shuffled by a seed.
    pub(crate) fn labels_by_letter(&self, seed: Option<u64>) -> Vec<String> {
        let methods = &self.experiment.methods;
        let states = methods.iter().zip(&self.slots).enumerate();
        let is_asked =
            |(_, (method, state)): &(usize, (&bilevel_files::MethodSpec, &super::Slot))| {
                state.is_visible && !method.is_pinned && state.refusal.is_none()
            };
        let mut slots: Vec<usize> = states.filter(is_asked).map(|(slot, _)| slot).collect();
        slots.truncate(ALPHABET.len());
        in_letter_order(&self.experiment, &mut slots, seed);
        let labels = slots.into_iter().map(|slot| methods[slot].label.clone());
        labels.collect()
    }

    /// The slot of a label.
    pub(crate) fn slot_of(&self, label: &str) -> Option<usize> {
        let mut methods = self.experiment.methods.iter();
        methods.position(|method| method.label == label)
    }

    /// True if the chosen runs of two methods, by their labels, cannot be told apart.
    pub(crate) fn have_one_curve(&self, one: &str, other: &str) -> bool {
        let run = |label| self.run_of(self.slots.get(self.slot_of(label)?)?);
        match [one, other].map(run) {
            [Some(one), Some(other)] => is_same_curve(&one.trace, &other.trace),
            _ => false,
        }
    }
}

/// An experiment with letters for methods: they have labels alone, so that neither method nor parameters can be read off it.
fn lettered(experiment: &Experiment, count: usize) -> Experiment {
    let mut lettered = experiment.clone();
    let Some(mut first) = lettered
        .methods
        .iter()
        .min_by_key(|it| it.entry.id)
        .cloned()
    else {
        return lettered;
    };
    first.settings = bilevel::problem::Settings::new(first.entry.parameters);
    first.colour = None;
    first.note.clear();
    first.expect = None;
    first.is_pinned = false;
    first.from = None;
    let methods = (0..count).map(|number| {
        let mut method = first.clone();
        letter(number).clone_into(&mut method.label);
        method
    });
    lettered.methods = methods.collect();
    lettered
}

/// True if two records have the same iterates, up to rounding, as far as their objectives show.
fn is_same_curve(one: &Trace, other: &Trace) -> bool {
    let rows = one.len();
    if rows != other.len() || one.objectives.len() != other.objectives.len() {
        return false;
    }
    let columns = one.objectives.iter().zip(&other.objectives);
    let mut columns = columns.map(|(one, other)| (one.values(), other.values()));
    let step = (rows / ROWS).max(1);
    columns.all(|(one, other)| {
        let pairs = one.iter().zip(other);
        let last = one.last().zip(other.last());
        let mut sampled = pairs.step_by(step).chain(last);
        sampled.all(|(a, b)| is_equal(*a, *b))
    })
}

fn is_equal(one: f64, other: f64) -> bool {
    one.to_bits() == other.to_bits() || (one - other).abs() <= EQUAL * one.abs().max(other.abs())
}
