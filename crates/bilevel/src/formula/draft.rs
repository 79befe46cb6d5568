//! A problem as it is typed: texts and numbers that nobody has checked yet.

/// A problem as it is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The levels, the leader first.
    pub levels: Vec<LevelDraft>,
    /// The constants, by their names.
    pub constants: Vec<(String, Constant)>,
    /// The definitions: names and formulas.
    pub definitions: Vec<(String, String)>,
}

/// A level as it is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelDraft {
    /// The variables: `x` is one number, `x[3]` are three.
    pub variables: Vec<String>,
    /// What the level minimises.
    pub objective: String,
    /// The least and the greatest value of each entry of `variables`, infinite where there is none; empty for no bounds at all.
    pub bounds: Vec<[f64; 2]>,
    /// Where methods start, a number for each variable; empty for a start that is chosen by the bounds.
    pub start: Vec<f64>,
    /// What pictures show, and where minima are looked for that no bounds confine, for each entry of `variables`; empty for
    /// ranges that are chosen by the bounds and the start.
    pub range: Vec<[f64; 2]>,
}

/// A number with a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    /// The number.
    pub value: f64,
    /// What a slider may set it to. A constant without a range is fixed, and may count: be an end of a sum or an index.
    pub range: Option<[f64; 2]>,
}

impl Constant {
    /// Whether it has a slider.
    pub const fn is_slider(&self) -> bool {
        self.range.is_some()
    }
}

/// What an editor opens with: a leader above a follower that copies it, times a number that has a slider.
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
        definitions: Vec::new(),
    }
}
