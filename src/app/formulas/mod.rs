//! The formulas of the typed problem as they stand in the editor: texts that may be half typed, with their errors.

mod additions;
pub(crate) mod fields;

use bilevel::formula::{Draft, Model};

use self::fields::{FieldError, Fields, differ_in_values_only};

/// The typed formulas, valid or not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FormulaDraft {
    fields: Fields,
    /// The errors in the fields; none if they are a valid problem.
    errors: Vec<FieldError>,
}

impl FormulaDraft {
    /// The formulas of a valid problem.
    pub(crate) fn of(draft: &Draft) -> Self {
        Self {
            fields: Fields::of(draft),
            errors: Vec::new(),
        }
    }

    /// Reads a problem from fields that were typed; `None` if they have errors.
    pub(crate) fn read(fields: Fields) -> (Self, Option<Model>) {
        let (model, errors) = match fields.read() {
            Ok(model) => (Some(model), Vec::new()),
            Err(errors) => (None, errors),
        };
        (Self { fields, errors }, model)
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(crate) fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Follows a change of the running problem from elsewhere. A new value of a constant leaves the texts as they are.
    pub(crate) fn follow(&mut self, before: &Draft, now: &Draft) {
        if before == now {
            return;
        }
        if differ_in_values_only(before, now) {
            self.fields.take_values(now);
        } else {
            *self = Self::of(now);
        }
    }

    /// The running problem with the values of the constants that `next` has moved, while its texts have errors; `None`
    /// if none was moved.
    pub(crate) fn moved_values(&self, next: &Fields, running: &Model) -> Option<Model> {
        let mut model = running.clone();
        let pairs = self.fields.constants.iter().zip(&next.constants);
        let moved = pairs.filter(|(old, new)| old.name == new.name && old.value != new.value);
        let mut is_moved = false;
        for (_, constant) in moved {
            is_moved |= model.set_slider(&constant.name, constant.value);
        }
        is_moved.then_some(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_typed_texts_stay_while_a_value_moves_elsewhere() {
        let running = Model::starter();
        let mut fields = Fields::of(running.draft());
        fields.levels[0].objective.push_str(" +");
        let (mut draft, model) = FormulaDraft::read(fields.clone());
        assert!(model.is_none());
        assert_eq!(draft.errors().len(), 1);
        let mut moved = running.draft().clone();
        moved.constants[0].1.value = 1.5;
        draft.follow(running.draft(), &moved);
        assert_eq!(draft.fields().levels[0], fields.levels[0]);
        assert_eq!(draft.fields().constants[0].value, 1.5);
        assert_eq!(draft.errors().len(), 1);
        moved.levels[0].objective = "x^2".to_owned();
        let before = running.draft().clone();
        draft.follow(&before, &moved);
        assert_eq!(draft, FormulaDraft::of(&moved));
    }

    #[test]
    fn a_slider_moves_the_running_problem_under_half_typed_texts() {
        let running = Model::starter();
        let mut fields = Fields::of(running.draft());
        fields.levels[0].objective.push_str(" +");
        let (draft, _) = FormulaDraft::read(fields.clone());
        assert!(draft.moved_values(&fields, running).is_none());
        fields.constants[0].value = 1.25;
        let moved = draft
            .moved_values(&fields, running)
            .expect("a value was moved");
        assert_eq!(moved.draft().constants[0].1.value, 1.25);
        assert_eq!(moved.draft().levels, running.draft().levels);
    }
}
