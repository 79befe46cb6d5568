//! A small benchmark as formulas: the source of its typeset objectives, of the formulas that the editor starts from, and of
//! the test of its arithmetic in Rust.

use crate::formula::{Expr, Node, maths, name_as_maths, parse};

/// The objectives of a benchmark with default parameters, in the language of typed problems.
#[derive(Clone, Copy, Debug)]
pub struct FormulaText {
    /// The variable and the objective of each level; `y[2]` is a variable of two entries.
    pub levels: &'static [(&'static str, &'static str)],
    /// Names, values and ranges of constants.
    pub constants: &'static [(&'static str, f64, [f64; 2])],
    /// Names and formulas of definitions.
    pub definitions: &'static [(&'static str, &'static str)],
}

impl FormulaText {
    /// No levels, to be completed by struct update.
    pub const EMPTY: Self = Self {
        levels: &[],
        constants: &[],
        definitions: &[],
    };

    /// The objectives as lines of maths, with definitions and values of constants put in.
    pub fn typeset(&self) -> Vec<String> {
        let lines = self.levels.iter().enumerate();
        lines
            .map(|(place, (variable, objective))| {
                let name = variable.split('[').next().unwrap_or(variable);
                // a test parses every text
                let formula = match parse(objective) {
                    Ok(tree) => maths(&self.put_in(&tree)),
                    Err(_) => (*objective).to_owned(),
                };
                line(place + 1, &name_as_maths(name), &formula)
            })
            .collect()
    }

    /// A tree in which definitions and constants are replaced by what they stand for.
    fn put_in(&self, tree: &Expr) -> Expr {
        tree.with_names(&|name| {
            let mut definitions = self.definitions.iter();
            if let Some((_, formula)) = definitions.find(|(known, _)| *known == name) {
                return parse(formula).ok().map(|tree| self.put_in(&tree).node);
            }
            let mut constants = self.constants.iter();
            let (_, value, _) = constants.find(|(known, ..)| *known == name)?;
            Some(Node::Number(*value))
        })
    }
}

/// The line of a level's objective as maths: the leader's minimum, or the set of a follower's minimizers.
pub(crate) fn line(level: usize, variables: &str, objective: &str) -> String {
    if level == 1 {
        format!("$\\min_{{{variables}}}\\; {objective}$")
    } else {
        format!("${variables} ∈ \\argmin\\; {objective}$")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem;

    #[test]
    fn every_text_parses_and_is_the_line_that_is_shown() {
        let mut shown = 0;
        for entry in problem::all() {
            let Some(text) = entry.text else { continue };
            for (_, formula) in text.levels.iter().chain(text.definitions) {
                assert!(parse(formula).is_ok(), "{}: {formula}", entry.id);
            }
            let problem = entry.instance();
            shown += usize::from(problem.metadata().formulas == text.typeset());
        }
        // four benchmarks of any dimension have lines of their own
        assert!(shown >= 34, "{shown}");
    }

    #[test]
    fn definitions_and_constants_are_put_in() {
        let text = FormulaText {
            levels: &[("x", "a*s^2"), ("y[2]", "s*y[1]")],
            constants: &[("a", 0.5, [0.0, 1.0])],
            definitions: &[("s", "x + t"), ("t", "2*y[2]")],
        };
        let lines = [
            "$\\min_{x}\\; 0.5\\,(x + 2y_{2})^{2}$",
            "$y ∈ \\argmin\\; (x + 2y_{2})\\,y_{1}$",
        ];
        assert_eq!(text.typeset(), lines);
    }
}
