//! Named quantities of a step, for views that show them; collected only on request.

/// A named quantity of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTerm {
    /// Its name, such as `multiplier`.
    pub name: &'static str,
    /// Its components; one for a number.
    pub value: Vec<f64>,
}

/// Collects the quantities of a step, or ignores them at no cost.
#[derive(Clone, Debug, Default)]
pub struct StepDiagnostics(Option<Vec<StepTerm>>);

impl StepDiagnostics {
    /// Creates a collector that ignores all quantities.
    pub fn ignored() -> Self {
        Self(None)
    }

    /// Creates a collector that keeps all quantities.
    pub fn enabled() -> Self {
        Self(Some(Vec::new()))
    }

    /// Records a number.
    #[inline]
    pub(super) fn number(&mut self, name: &'static str, value: f64) {
        self.vector(name, &[value]);
    }

    /// Records a vector.
    #[inline]
    pub(super) fn vector(&mut self, name: &'static str, value: &[f64]) {
        if let Some(terms) = &mut self.0 {
            keep(terms, name, value);
        }
    }

    /// All recorded quantities.
    pub fn all(&self) -> &[StepTerm] {
        self.0.as_deref().unwrap_or_default()
    }

    /// The first number recorded under a name.
    pub fn find(&self, name: &str) -> Option<f64> {
        self.all()
            .iter()
            .find(|term| term.name == name)?
            .value
            .first()
            .copied()
    }
}

/// Records a quantity; kept out of line, since nearly all steps record nothing.
#[cold]
fn keep(terms: &mut Vec<StepTerm>, name: &'static str, value: &[f64]) {
    terms.push(StepTerm {
        name,
        value: value.to_vec(),
    });
}
