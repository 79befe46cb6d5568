//! A prediction: the future of the runs is hidden, guesses are made, and the runs show how near they are.

use bilevel::problem::Coordinate;
use bilevel::study::{Outcome, Rank};

use super::horizon::Horizon;
use super::{LiveRun, Session};
use crate::app::command::prediction::{PredictedQuestion, PredictionChange};

/// The most characters of a guesser's initials, and the most guesses.
pub(crate) const MOST_INITIALS: usize = 3;
pub(crate) const MOST_GUESSES: usize = 40;
/// The most shuffles until the letters have another order.
const SHUFFLES: u64 = 64;

/// An answer to the question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Guess {
    /// A point in the plane of two coordinates.
    Place { axes: [Coordinate; 2], at: [f64; 2] },
    /// The labels of all ranked methods, the best first.
    Order(Vec<String>),
    /// The label of the method of each letter; `None` for a letter without a guess.
    Owners(Vec<Option<String>>),
}

/// A guess with the initials of its author.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SignedGuess {
    pub(crate) initials: String,
    pub(crate) guess: Guess,
}

/// A prediction from an iteration on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prediction {
    /// The last iteration that is shown until the end is revealed.
    pub(crate) last: u64,
    pub(crate) question: PredictedQuestion,
    /// The method whose end is asked for, by its label.
    pub(crate) method: String,
    /// True if the minima and φ are hidden, too.
    pub(crate) hides_optimum: bool,
    /// The initials of the next guess.
    pub(crate) initials: String,
    pub(crate) guesses: Vec<SignedGuess>,
    /// The begin of an order: labels of methods, the best first.
    pub(crate) order: Vec<String>,
    /// The labels of the methods, in the order of their letters.
    pub(crate) letters: Vec<String>,
    /// The seed that shuffles the letters; `None` for the order of the file.
    pub(crate) seed: Option<u64>,
    /// The method of each letter in the guess that is being made.
    pub(crate) owners: Vec<Option<String>>,
    pub(crate) is_revealed: bool,
}

/// The distance of a mark from the end of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PlaceScore {
    /// The number of the guess, from 0.
    pub(crate) guess: usize,
    /// The distance in the plane of the mark.
    pub(crate) distance: f64,
    /// True if mark and end have the same nearest minimum; `None` where fewer than two are known.
    pub(crate) is_same_valley: Option<bool>,
}

impl Prediction {
    /// A prediction of the first ranked method's end from an iteration on.
    pub(crate) fn new(session: &Session, last: u64) -> Self {
        Self {
            last,
            question: PredictedQuestion::default(),
            method: ranked_labels(session)
                .into_iter()
                .next()
                .unwrap_or_default(),
            hides_optimum: false,
            initials: String::new(),
            guesses: Vec::new(),
            order: Vec::new(),
            letters: Vec::new(),
            seed: None,
            owners: Vec::new(),
            is_revealed: false,
        }
    }

    /// The horizon of the session's runs; `None` once the end is revealed.
    pub(crate) fn horizon(&self) -> Option<Horizon> {
        (!self.is_revealed).then_some(Horizon {
            last: if self.question == PredictedQuestion::Curves {
                u64::MAX
            } else {
                self.last
            },
            hides_optimum: self.hides_optimum,
        })
    }

    /// The labels of the methods whose names are hidden, in the order of their letters; `None` if none is.
    pub(crate) fn hidden_labels(&self) -> Option<&[String]> {
        let hides = !self.is_revealed && self.question == PredictedQuestion::Curves;
        hides.then_some(&self.letters)
    }

    /// True once there is something to reveal: names that are hidden, or a guess.
    pub(crate) fn is_begun(&self) -> bool {
        let has_guess = !self.guesses.is_empty() || !self.order.is_empty();
        self.hidden_labels().is_some() || (has_guess && !self.is_revealed)
    }

    /// Asks a question anew.
    pub(crate) fn ask(&mut self, question: PredictedQuestion, session: &Session) {
        self.question = question;
        self.guesses.clear();
        self.order.clear();
        self.letters = if question == PredictedQuestion::Curves {
            session.labels_by_letter(self.seed)
        } else {
            Vec::new()
        };
        self.owners = vec![None; self.letters.len()];
    }

    /// True while letters can be shuffled: no guess names them.
    pub(crate) fn can_be_shuffled(&self) -> bool {
        self.hidden_labels().is_some() && self.guesses.is_empty() && self.letters.len() > 1
    }

    /// Puts the letters in another order.
    fn shuffle(&mut self, seed: u64, session: &Session) {
        let before = self.letters.clone();
        // a few methods have few orders
        for seed in (0..SHUFFLES).map(|more| seed.wrapping_add(more)) {
            self.seed = Some(seed);
            self.letters = session.labels_by_letter(self.seed);
            if self.letters != before {
                break;
            }
        }
        self.owners = vec![None; self.letters.len()];
    }

    /// True while marks can be placed in the landscape.
    pub(crate) fn takes_places(&self) -> bool {
        !self.is_revealed && self.question == PredictedQuestion::End
    }

    /// Carries out a change.
    pub(crate) fn change(&mut self, change: PredictionChange, session: &Session) {
        match change {
            PredictionChange::SetQuestion(question) | PredictionChange::AskInstead(question)
                if question != self.question =>
            {
                self.ask(question, session);
            }
            PredictionChange::Shuffle { seed } if self.can_be_shuffled() => {
                self.shuffle(seed, session);
            }
            PredictionChange::SetMethod(label) => {
                self.method = label;
                self.guesses.clear();
            }
            PredictionChange::SetHidesOptimum(hides) => self.hides_optimum = hides,
            PredictionChange::SetInitials(initials) => {
                self.initials = initials.trim_start().chars().take(MOST_INITIALS).collect();
            }
            PredictionChange::Place { axes, at } if self.takes_places() => {
                self.sign(Guess::Place { axes, at });
            }
            PredictionChange::SetQuestion(_)
            | PredictionChange::AskInstead(_)
            | PredictionChange::Shuffle { .. }
            | PredictionChange::End
            | PredictionChange::Place { .. } => {}
            PredictionChange::AddToOrder(label) => {
                let labels = ranked_labels(session);
                if labels.contains(&label) && !self.order.contains(&label) {
                    self.order.push(label);
                }
                if self.order.len() == labels.len() {
                    let order = std::mem::take(&mut self.order);
                    self.sign(Guess::Order(order));
                }
            }
            PredictionChange::ClearOrder => self.order.clear(),
            PredictionChange::SetOwner { letter, method } => {
                self.set_owner(letter, method.as_ref());
            }
            PredictionChange::AddOwners => self.add_owners(),
            PredictionChange::Remove(number) => {
                if number < self.guesses.len() {
                    self.guesses.remove(number);
                }
            }
            PredictionChange::Reveal => {
                // a guess that was made and not added counts, too
                self.add_owners();
                self.add_order();
                self.is_revealed = true;
            }
        }
    }

    /// Assigns a method to a letter; a method has one letter.
    fn set_owner(&mut self, letter: usize, method: Option<&String>) {
        if method.is_some_and(|it| !self.letters.contains(it)) {
            return;
        }
        for (number, owner) in self.owners.iter_mut().enumerate() {
            if number == letter {
                *owner = method.cloned();
            } else if owner.as_ref() == method {
                *owner = None;
            }
        }
    }

    /// Adds the methods that are assigned to letters as a guess, if there are any.
    fn add_owners(&mut self) {
        if self.owners.iter().any(Option::is_some) {
            let none = vec![None; self.letters.len()];
            let owners = std::mem::replace(&mut self.owners, none);
            self.sign(Guess::Owners(owners));
        }
    }

    /// Adds the begin of an order as a guess, if it has a pair.
    fn add_order(&mut self) {
        let order = std::mem::take(&mut self.order);
        if order.len() > 1 {
            self.sign(Guess::Order(order));
        }
    }

    /// Adds a guess under the present initials, in place of an earlier one under the same.
    fn sign(&mut self, guess: Guess) {
        let initials = self.initials.trim().to_owned();
        let known = self.guesses.iter().position(|it| it.initials == initials);
        match known {
            Some(number) => self.guesses[number].guess = guess,
            None if self.guesses.len() < MOST_GUESSES => {
                self.guesses.push(SignedGuess { initials, guess });
            }
            None => {}
        }
    }

    /// The run whose end is asked for: that of the chosen start and seed.
    pub(crate) fn run<'a>(&self, session: &'a Session) -> Option<&'a LiveRun> {
        let methods = session.experiment().methods.iter();
        let slot = methods
            .zip(session.slots())
            .find(|(method, _)| method.label == self.method)
            .map(|(_, slot)| slot)?;
        session.run_of(slot)
    }

    /// The outcome of that run; `None` before the end is revealed, computed and shown.
    pub(crate) fn outcome<'a>(&self, session: &'a Session) -> Option<&'a Outcome> {
        let run = self.run(session).filter(|_| self.is_revealed)?;
        let is_over = !run.status.is_running() && run.iteration <= session.playhead.iteration();
        run.verdict.as_ref().filter(|_| is_over)
    }

    /// The end of that run along two coordinates, under the same conditions.
    pub(crate) fn end(&self, session: &Session, axes: [Coordinate; 2]) -> Option<[f64; 2]> {
        self.outcome(session)?;
        let last = self.run(session)?.end.as_ref()?;
        Some(axes.map(|axis| last.point[axis.level][axis.index]))
    }

    /// The marks by their distance from the end, the nearest first; `None` before it is shown.
    pub(crate) fn place_scores(&self, session: &Session) -> Option<Vec<PlaceScore>> {
        self.outcome(session)?;
        let places = self.guesses.iter().enumerate();
        let scores = places.filter_map(|(guess, it)| {
            let Guess::Place { axes, at } = it.guess else {
                return None;
            };
            let end = self.end(session, axes)?;
            let valleys = [at, end].map(|place| nearest_minimum(session, axes, place));
            let is_same_valley = match valleys {
                [Some(of_guess), Some(of_end)] => Some(of_guess == of_end),
                _ => None,
            };
            Some(PlaceScore {
                guess,
                distance: (at[0] - end[0]).hypot(at[1] - end[1]),
                is_same_valley,
            })
        });
        let mut scores: Vec<PlaceScore> = scores.collect();
        scores.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        Some(scores)
    }

    /// For each guess, by its number, and each letter, true if the guess is right. A method whose curve is the same as that of
    /// the right one is right, too.
    pub(crate) fn owner_scores(&self, session: &Session) -> Vec<(usize, Vec<bool>)> {
        let guesses = self.guesses.iter().enumerate();
        let scores = guesses.filter_map(|(number, it)| {
            let Guess::Owners(owners) = &it.guess else {
                return None;
            };
            let is_right = |(own, guess): (&String, &Option<String>)| {
                let guess = guess.as_ref();
                guess.is_some_and(|guess| guess == own || session.have_one_curve(own, guess))
            };
            let pairs = self.letters.iter().zip(owners);
            Some((number, pairs.map(is_right).collect()))
        });
        scores.collect()
    }

    /// The ranks of the methods at their ends, with their labels; `None` before all are revealed and known.
    pub(crate) fn final_ranks(&self, session: &Session) -> Option<Vec<(String, Rank)>> {
        let mut runs = session.slots().iter().flat_map(|slot| &slot.runs);
        let now = session.playhead.iteration();
        let is_over =
            self.is_revealed && runs.all(|run| !run.status.is_running() && run.iteration <= now);
        if !is_over {
            return None;
        }
        let ranks = session.ranks();
        let methods = session.experiment().methods.iter();
        let ranked: Vec<(String, Rank)> = methods
            .zip(ranks)
            .filter_map(|(method, rank)| Some((method.label.clone(), rank?)))
            .collect();
        let is_known = ranked.iter().all(|(_, rank)| *rank != Rank::Unknown);
        is_known.then_some(ranked)
    }
}

/// The labels of the methods that are ranked: all but pinned ones.
pub(crate) fn ranked_labels(session: &Session) -> Vec<String> {
    let methods = session.experiment().methods.iter();
    let ranked = methods.filter(|method| !method.is_pinned);
    ranked.map(|method| method.label.clone()).collect()
}

/// The pairs of methods that an order has as the ranks have them, and all pairs that the ranks tell apart. Methods
/// without a place come last.
pub(crate) fn pairs_in_order(order: &[String], ranks: &[(String, Rank)]) -> (usize, usize) {
    let place = |label: &String| match ranks.iter().find(|(known, _)| known == label) {
        Some((_, Rank::Place(place))) => *place,
        _ => usize::MAX,
    };
    let places: Vec<usize> = order.iter().map(place).collect();
    let mut counts = (0, 0);
    for (number, first) in places.iter().enumerate() {
        for second in &places[number + 1..] {
            counts.0 += usize::from(first < second);
            counts.1 += usize::from(first != second);
        }
    }
    counts
}

/// The index of the minimum nearest to a place in a plane; `None` where fewer than two minima are known there.
fn nearest_minimum(session: &Session, axes: [Coordinate; 2], place: [f64; 2]) -> Option<usize> {
    let minima = session.problem().metadata().minima.iter().enumerate();
    let known = minima.filter_map(|(index, minimum)| {
        let at = [minimum.coordinate(axes[0])?, minimum.coordinate(axes[1])?];
        Some((index, (at[0] - place[0]).hypot(at[1] - place[1])))
    });
    let known: Vec<(usize, f64)> = known.collect();
    let nearest = known.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    nearest.filter(|_| known.len() > 1).map(|(index, _)| *index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(names: &str) -> Vec<String> {
        names.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn pairs_count_only_methods_with_different_places() {
        let ranks: Vec<(String, Rank)> = labels("a b c d")
            .into_iter()
            .zip([Rank::Place(1), Rank::Place(2), Rank::Place(2), Rank::Stuck])
            .collect();
        assert_eq!(pairs_in_order(&labels("a b c d"), &ranks), (5, 5));
        assert_eq!(pairs_in_order(&labels("a c b d"), &ranks), (5, 5));
        assert_eq!(pairs_in_order(&labels("d c b a"), &ranks), (0, 5));
        assert_eq!(pairs_in_order(&labels("b a c d"), &ranks), (4, 5));
        assert_eq!(pairs_in_order(&[], &ranks), (0, 0));
    }
}
