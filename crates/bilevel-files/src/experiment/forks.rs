//! Forks: methods that continue another method of the experiment, as branches from one of its iterates.

use bilevel::problem::Settings;

use super::family_tree::{FamilyTree, ForkError, Parent};
use super::model::{Experiment, MethodSpec};

/// The parents of a method, the nearest first; none if it is no branch.
pub fn parents(methods: &[MethodSpec], slot: usize) -> Result<Vec<Parent>, ForkError> {
    if methods.get(slot).is_none_or(|method| method.from.is_none()) {
        return Ok(Vec::new());
    }
    let links = methods
        .iter()
        .map(|one| (one.label.as_str(), one.from.as_ref()));
    FamilyTree::new(links).parents(slot)
}

/// A method in a lineage: the id, the parameters, and the iteration at which it leaves its own parent.
pub type LineagePart<'a> = (&'static str, &'a Settings, Option<u64>);

/// A method and its parents, the nearest first.
///
/// The iterates of the method depend on nothing else beside the problem and the starts.
pub fn lineage(methods: &[MethodSpec], slot: usize) -> Result<Vec<LineagePart<'_>>, ForkError> {
    let mut slots = vec![slot];
    slots.extend(parents(methods, slot)?.iter().map(|parent| parent.slot));
    let of = |slot: usize| {
        let method = &methods[slot];
        let from = method.from.as_ref().map(|from| from.k);
        (method.entry.id, &method.settings, from)
    };
    Ok(slots.into_iter().map(of).collect())
}

impl Experiment {
    /// The labels of some methods and of all that they continue, in the order of the experiment.
    pub fn with_parents(&self, labels: &[String]) -> Vec<String> {
        let mut is_kept = vec![false; self.methods.len()];
        for (slot, method) in self.methods.iter().enumerate() {
            if labels.contains(&method.label) {
                is_kept[slot] = true;
                let parents = parents(&self.methods, slot).unwrap_or_default();
                for parent in &parents {
                    is_kept[parent.slot] = true;
                }
            }
        }
        let kept = self.methods.iter().zip(is_kept).filter(|(_, kept)| *kept);
        kept.map(|(method, _)| method.label.clone()).collect()
    }

    /// True if a method continues another one.
    pub fn has_forks(&self) -> bool {
        self.methods.iter().any(|method| method.from.is_some())
    }

    /// Gives a method another label, also where others continue it.
    pub fn rename(&mut self, slot: usize, label: &str) {
        let Some(method) = self.methods.get_mut(slot) else {
            return;
        };
        let before = std::mem::replace(&mut method.label, label.to_owned());
        let children = self.methods.iter_mut().filter_map(|it| it.from.as_mut());
        for from in children.filter(|from| from.run == before) {
            label.clone_into(&mut from.run);
        }
    }
}

/// The labels of the methods that continue a method.
pub fn children(methods: &[MethodSpec], slot: usize) -> Vec<&str> {
    let label = methods.get(slot).map(|method| method.label.as_str());
    let is_child = |method: &&MethodSpec| {
        let from = method.from.as_ref().map(|from| from.run.as_str());
        from.is_some() && from == label
    };
    let children = methods.iter().filter(is_child);
    children.map(|method| method.label.as_str()).collect()
}
