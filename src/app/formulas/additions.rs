//! New levels, constants and definitions of the typed formulas, under names that are not taken.

use super::fields::{ConstantFields, DefinitionFields, Fields, LevelFields, Spot};

impl Fields {
    /// Adds a follower that copies the variable of the level above; returns the field of its objective.
    pub(crate) fn add_level(&mut self) -> Spot {
        let above = self.last_variable();
        let name = self.unused(&["z", "w", "u", "v", "q"]);
        let last = self.levels.last();
        self.levels.push(LevelFields {
            objective: format!("({name} - {above})^2/2"),
            bounds: last.map_or_else(String::new, |level| level.bounds.clone()),
            variables: name,
            ..LevelFields::default()
        });
        Spot::Objective(self.levels.len() - 1)
    }

    /// Adds a constant with a slider; returns the field of its name.
    pub(crate) fn add_constant(&mut self) -> Spot {
        let name = self.unused(&["a", "b", "c", "d", "k"]);
        self.constants.push(ConstantFields {
            name,
            value: 1.0,
            range: "[0, 2]".to_owned(),
        });
        Spot::ConstantName(self.constants.len() - 1)
    }

    /// Adds a definition of the last variable; returns the field of its formula.
    pub(crate) fn add_definition(&mut self) -> Spot {
        let name = self.unused(&["s", "t", "r", "h"]);
        self.definitions.push(DefinitionFields {
            name,
            formula: self.last_variable(),
        });
        Spot::Definition(self.definitions.len() - 1)
    }

    /// The innermost level's first variable, or its first entry, as formulas name it.
    fn last_variable(&self) -> String {
        let last = self.levels.last();
        let first = last.and_then(|level| level.variables.split(',').next());
        let first = first.unwrap_or_default().trim();
        match first.split_once('[') {
            Some((name, _)) => format!("{name}[1]"),
            None => first.to_owned(),
        }
    }

    /// The first of some names that is not taken, or one with a number.
    fn unused(&self, names: &[&str]) -> String {
        let variables = self
            .levels
            .iter()
            .flat_map(|level| level.variables.split(','));
        let mut taken: Vec<&str> = variables
            .map(|name| name.split('[').next().unwrap_or_default().trim())
            .collect();
        taken.extend(self.constants.iter().map(|constant| constant.name.trim()));
        taken.extend(self.tables.iter().map(|(name, _)| name.as_str()));
        taken.extend(self.definitions.iter().map(|one| one.name.trim()));
        let numbered = (2..).map(|number| format!("{}{number}", names[0]));
        let mut all = names.iter().map(|name| (*name).to_owned()).chain(numbered);
        all.find(|name| !taken.contains(&name.as_str()))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilevel::formula::Model;

    #[test]
    fn what_is_added_has_a_free_name_and_is_valid() {
        let mut fields = Fields::of(Model::starter().draft());
        for _ in 0..8 {
            fields.add_constant();
            fields.add_definition();
        }
        fields.add_level();
        let model = fields.read().expect("additions are valid");
        assert_eq!(model.draft().constants.len(), 9);
        assert_eq!(model.draft().definitions.len(), 8);
        assert_eq!(model.draft().levels.len(), 3);
    }
}
