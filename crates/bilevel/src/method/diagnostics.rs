//! The named parts of a step, for views that look inside one. Gathered only on request.

/// A named part of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTerm {
    /// What it is, such as `multiplier`.
    pub name: &'static str,
    /// Its components; one for a number.
    pub value: Vec<f64>,
}

/// Gathers terms, or ignores them at no cost.
#[derive(Clone, Debug, Default)]
pub struct StepDiagnostics(Option<Vec<StepTerm>>);

impl StepDiagnostics {
    /// Ignores whatever is recorded.
    pub fn ignored() -> Self {
        Self(None)
    }

    /// Keeps whatever is recorded.
    pub fn enabled() -> Self {
        Self(Some(Vec::new()))
    }

    /// Keeps a number.
    #[inline]
    pub(super) fn number(&mut self, name: &'static str, value: f64) {
        self.vector(name, &[value]);
    }

    /// Keeps a vector.
    #[inline]
    pub(super) fn vector(&mut self, name: &'static str, value: &[f64]) {
        if let Some(terms) = &mut self.0 {
            keep(terms, name, value);
        }
    }

    /// What was kept.
    pub fn all(&self) -> &[StepTerm] {
        self.0.as_deref().unwrap_or_default()
    }

    /// The first number kept under a name.
    pub fn find(&self, name: &str) -> Option<f64> {
        self.all()
            .iter()
            .find(|term| term.name == name)?
            .value
            .first()
            .copied()
    }
}

/// Out of the way of steps that nobody looks into, which are nearly all.
#[cold]
fn keep(terms: &mut Vec<StepTerm>, name: &'static str, value: &[f64]) {
    terms.push(StepTerm {
        name,
        value: value.to_vec(),
    });
}
