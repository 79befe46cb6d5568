//! The words of the gallery of failures.

pub(crate) const fn about() -> &'static str {
    "Runs that fail, each in its own way. Open one to look at it from all sides, or mend it and see what changes."
}

pub(crate) const fn cannot_be_mended() -> &'static str {
    "No method here mends it."
}

/// The name of the experiment of a failure, which is no file.
pub(crate) fn experiment_name(name: &str, is_mended: bool) -> String {
    if is_mended {
        format!("{name}, mended")
    } else {
        name.to_owned()
    }
}
