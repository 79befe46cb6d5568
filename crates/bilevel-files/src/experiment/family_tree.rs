//! The tree of an experiment's methods: each branch with the method that it continues, its parent.

use std::collections::HashMap;

use bilevel::problem::nearest;
use thiserror::Error;

use crate::messages::experiment as words;

/// The most methods that a branch continues, one of another.
const MOST_PARENTS: usize = 100;

/// The iterate from which a method continues another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkPoint {
    /// The label of the other method, the parent.
    pub run: String,
    /// The iteration.
    pub k: u64,
}

/// The reason why a method cannot continue another one.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ForkError {
    /// No method has the label of the parent.
    #[error("{}", words::unknown_parent(.run, .hint))]
    Label {
        /// The unknown label.
        run: String,
        /// The existing labels.
        hint: String,
    },
    /// The method is its own parent, directly or through others.
    #[error("{}", words::cyclic_parents(.0))]
    Cycle(Vec<String>),
    /// The branch is one of too many branches of each other.
    #[error("{}", words::too_many_parents(MOST_PARENTS))]
    Depth,
    /// The iteration lies beyond the end of every run.
    #[error("{}", words::fork_beyond(*.k, *.iterations))]
    Beyond {
        /// The iteration.
        k: u64,
        /// The iterations of every run.
        iterations: u64,
    },
}

/// A method that a branch continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The method, counted from 0.
    pub slot: usize,
    /// The iteration up to which the branch has its iterates.
    pub until: u64,
}

/// The methods of an experiment, by their labels, with their parents.
pub(super) struct FamilyTree<'a> {
    labels: Vec<&'a str>,
    forks: Vec<Option<&'a ForkPoint>>,
    /// The parent of each method; `None` if it is no branch, or no method has the parent's label.
    parents: Vec<Option<usize>>,
    /// The number of parents of each method, one of another; `None` where they are in a circle.
    depths: Vec<Option<usize>>,
    /// The circles, the parent of each method after it.
    circles: Vec<Vec<usize>>,
}

impl<'a> FamilyTree<'a> {
    /// The tree of methods, each with its label and its fork.
    pub(super) fn new(methods: impl Iterator<Item = (&'a str, Option<&'a ForkPoint>)>) -> Self {
        let (labels, forks): (Vec<&str>, Vec<Option<&ForkPoint>>) = methods.unzip();
        let slots = labels.iter().enumerate();
        let slots: HashMap<&str, usize> = slots.map(|(slot, label)| (*label, slot)).collect();
        let parent = |from: Option<&ForkPoint>| slots.get(from?.run.as_str()).copied();
        let mut tree = Self {
            parents: forks.iter().copied().map(parent).collect(),
            depths: vec![None; labels.len()],
            circles: Vec::new(),
            labels,
            forks,
        };
        tree.measure();
        tree
    }

    /// Computes the depths and finds the circles.
    fn measure(&mut self) {
        let mut is_seen = vec![false; self.labels.len()];
        for slot in 0..self.labels.len() {
            let mut path = Vec::new();
            let mut next = Some(slot);
            while let Some(slot) = next.filter(|&slot| !is_seen[slot]) {
                is_seen[slot] = true;
                path.push(slot);
                next = self.parents[slot];
            }
            let place = next.and_then(|end| path.iter().position(|&slot| slot == end));
            if let Some(place) = place {
                self.circles.push(path[place..].to_vec());
            }
            // above a path is nothing, or a method that was measured before
            let mut above = match next {
                None => Some(0),
                Some(end) => self.depths[end].map(|depth| depth + 1),
            };
            for &slot in path.iter().rev() {
                self.depths[slot] = above;
                above = above.map(|depth| depth + 1);
            }
        }
    }

    /// The parents of a method, the nearest first.
    pub(super) fn parents(&self, slot: usize) -> Result<Vec<Parent>, ForkError> {
        match self.depths[slot] {
            None => return Err(self.circle_of(slot)),
            Some(depth) if depth > MOST_PARENTS => return Err(ForkError::Depth),
            Some(_) => {}
        }
        let (mut parents, mut child, mut until) = (Vec::new(), slot, u64::MAX);
        while let Some(from) = self.forks[child] {
            let slot = self.parents[child].ok_or_else(|| self.unknown(from))?;
            // a branch that leaves its parent before that has left its own one continues the latter
            until = until.min(from.k);
            parents.push(Parent { slot, until });
            child = slot;
        }
        Ok(parents)
    }

    fn unknown(&self, from: &ForkPoint) -> ForkError {
        ForkError::Label {
            run: from.run.clone(),
            hint: nearest::hint(&from.run, &self.labels),
        }
    }

    /// The error of a method whose parents are in a circle.
    fn circle_of(&self, slot: usize) -> ForkError {
        let mut met = slot;
        let is_in = |slot: &usize| self.circles.iter().find(|circle| circle.contains(slot));
        while is_in(&met).is_none()
            && let Some(parent) = self.parents[met]
        {
            met = parent;
        }
        let mut circle = is_in(&met).cloned().unwrap_or_default();
        let first = circle.iter().position(|&one| one == met);
        circle.rotate_left(first.unwrap_or_default());
        let labels = circle.iter().map(|&slot| self.labels[slot].to_owned());
        ForkError::Cycle(labels.collect())
    }

    /// The error of a method itself, and not of one of its parents.
    pub(super) fn fault(&self, slot: usize, iterations: u64) -> Option<ForkError> {
        let from = self.forks[slot]?;
        if self.parents[slot].is_none() {
            return Some(self.unknown(from));
        }
        // a circle is the error of its first method
        let mut circles = self.circles.iter();
        let own = circles.find(|circle| circle.iter().min() == Some(&slot));
        if own.is_some() {
            return Some(self.circle_of(slot));
        }
        if self.depths[slot] == Some(MOST_PARENTS + 1) {
            return Some(ForkError::Depth);
        }
        let k = from.k;
        (k > iterations).then_some(ForkError::Beyond { k, iterations })
    }
}
