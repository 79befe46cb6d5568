//! A problem as it is typed: unchecked texts and numbers.

use crate::data::{TableConstant, TablePreparation};

/// A problem as it is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The levels, the leader first.
    pub levels: Vec<LevelDraft>,
    /// The constants, by their names.
    pub constants: Vec<(String, Constant)>,
    /// The constants that hold columns of tables, by their names.
    pub tables: Vec<(String, TableConstant)>,
    /// The preparation of these tables.
    pub preparation: TablePreparation,
    /// The definitions: names and formulas.
    pub definitions: Vec<(String, String)>,
}

/// The parts of a draft that could not be read, such as values of another kind in a file, whose errors are told elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnreadParts {
    /// The names of constants, definitions and variables without a value; a formula may use them.
    pub names: Vec<String>,
    /// The levels, from 1, with variables that are not in the draft.
    pub levels: Vec<usize>,
    /// True if names are not known at all: an unknown name may be one of them.
    pub has_names_unknown: bool,
}

/// A level as it is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelDraft {
    /// The variables: `x` is one number, `x[3]` are three.
    pub variables: Vec<String>,
    /// The objective that the level minimizes.
    pub objective: String,
    /// The least and the greatest value of each entry of `variables`, or of each of all numbers, infinite for an open
    /// side; empty for no bounds at all.
    pub bounds: Vec<[f64; 2]>,
    /// The start of methods, a number for each variable; empty for a start chosen by the bounds.
    pub start: Vec<f64>,
    /// The range that pictures show, and that is searched for minima if there are no bounds, for each entry of
    /// `variables` or each number; empty for ranges chosen by the bounds and the start.
    pub range: Vec<[f64; 2]>,
}

/// A number with a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    /// The number.
    pub value: f64,
    /// The range of its slider. A constant without a range is fixed and may be an end of a sum or an index.
    pub range: Option<[f64; 2]>,
}

impl Constant {
    /// True if it has a slider.
    pub const fn is_slider(&self) -> bool {
        self.range.is_some()
    }
}

/// The draft that an editor opens with: a leader above a follower that copies it, times a number with a slider.
pub(super) fn starter() -> Draft {
    let level = |variable: &str, objective: &str, range| LevelDraft {
        variables: vec![variable.to_owned()],
        objective: objective.to_owned(),
        bounds: vec![range],
        ..LevelDraft::default()
    };
    Draft {
        levels: vec![
            level("x", "(x - 1)^2 + sin(3*y)/2", [-4.0, 4.0]),
            level("y", "(y - a*x)^2/2", [-8.0, 8.0]),
        ],
        constants: vec![(
            "a".to_owned(),
            Constant {
                value: 1.0,
                range: Some([0.0, 2.0]),
            },
        )],
        ..Draft::default()
    }
}
