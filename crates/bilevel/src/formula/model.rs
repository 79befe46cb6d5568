//! Checks a draft and compiles it to a model, or reports all errors.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use super::compile::Compiler;
use super::draft::{Constant, Draft, UnreadParts};
use super::errors::{FormulaError, FormulaPart, SpanError};
use super::evaluate::Program;
use super::feature_terms::{FeatureTerm, feature_terms};
use super::limits::{MOST_LEVELS, MOST_NAMES, MOST_OPERATIONS, MOST_OPERATIONS_WITH_TABLES};
use super::order::{DefinitionOrder, in_order};
use super::parser::parse;
use super::pole_terms::{PoleTerm, pole_terms};
use super::scope::{Named, ScopeValue, is_reserved};
use super::tape::Operand;
use super::tree::{Expr, Node};
use super::variables::{Declared, Variable, check_bounds, declared};
use crate::data::{
    ConstantSource, DataTable, PreparedTables, TableConstantError, TableNumbers, prepare_tables,
};
use crate::messages;
use crate::numerics::Shape;

/// A typed problem that has been checked.
#[derive(Clone, Debug)]
pub struct Model {
    draft: Draft,
    parsed: Arc<Parsed>,
}

/// The parts of a model that do not depend on the values of constants.
#[derive(Debug)]
struct Parsed {
    variables: Vec<Vec<Variable>>,
    shape: Shape,
    objectives: Vec<Expr>,
    definitions: Vec<Expr>,
    /// The numbers of the definitions in evaluation order, each after those that it needs.
    order: Vec<usize>,
    /// The numbers of the constants from tables, in the order of the draft.
    tables: PreparedTables,
    /// Names that are declared with an error; none in a model.
    broken: BTreeSet<String>,
    /// True if there may be names that could not be read; false in a model.
    has_unread: bool,
}

impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft
    }
}

/// All formulas, compiled for some values of the constants.
#[derive(Debug)]
struct CompiledModel {
    compiler: Compiler,
    objectives: Vec<Operand>,
}

impl Model {
    /// Checks a draft.
    ///
    /// # Errors
    /// All errors, in each formula that parses those of all its parts.
    pub fn parse(draft: Draft) -> Result<Self, Vec<FormulaError>> {
        Self::parse_without(draft, &UnreadParts::default())
    }

    /// Checks a draft without the parts that could not be read; formulas may use them.
    ///
    /// # Errors
    /// As in [`Self::parse`]; errors that may follow from an unread part are consequences.
    pub fn parse_without(draft: Draft, unread: &UnreadParts) -> Result<Self, Vec<FormulaError>> {
        let (parsed, mut troubles) = Parsed::new(&draft, unread)?;
        // what could be parsed is compiled in any case, so that all errors are known at once
        let compiled = parsed.compiled(&draft);
        troubles.extend(compiled.err().into_iter().flatten());
        if !troubles.is_empty() {
            return Err(troubles);
        }
        Ok(Self {
            draft,
            parsed: Arc::new(parsed),
        })
    }

    /// The model that an editor opens with: a leader above a follower that copies it, scaled by a slider.
    pub fn starter() -> &'static Arc<Self> {
        static STARTER: LazyLock<Arc<Model>> = LazyLock::new(|| {
            let model = Model::parse(super::draft::starter());
            Arc::new(
                model.unwrap_or_else(|troubles| unreachable!("the starter is right: {troubles:?}")),
            )
        });
        &STARTER
    }

    /// The problem as it was typed, with the present values of the constants.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The sizes of the levels.
    pub fn shape(&self) -> Shape {
        self.parsed.shape
    }

    /// The constants that have sliders, in the order of the draft.
    pub fn sliders(&self) -> impl Iterator<Item = (&str, &Constant)> {
        let constants = self.draft.constants.iter();
        constants
            .filter(|(_, constant)| constant.is_slider())
            .map(|(name, constant)| (name.as_str(), constant))
    }

    /// A constant with a slider, by its name.
    pub fn slider(&self, name: &str) -> Option<&Constant> {
        let found = self.sliders().find(|(known, _)| *known == name);
        found.map(|(_, constant)| constant)
    }

    /// Moves a slider; false if there is none of that name or the value is outside its range.
    pub fn set_slider(&mut self, name: &str, value: f64) -> bool {
        let constants = self.draft.constants.iter_mut();
        for (_, constant) in constants.filter(|(known, _)| known == name) {
            if let Some([low, high]) = constant.range
                && low <= value
                && value <= high
            {
                constant.value = value;
                return true;
            }
        }
        false
    }

    /// The objective of a level, from 1.
    pub fn objective(&self, level: usize) -> &Expr {
        &self.parsed.objectives[level - 1]
    }

    /// The formula of a definition, by its number from 0.
    pub fn definition(&self, number: usize) -> &Expr {
        &self.parsed.definitions[number]
    }

    /// The numbers of the definitions in evaluation order, each after those that it needs.
    pub(super) fn order(&self) -> &[usize] {
        &self.parsed.order
    }

    /// The variables of a level, from 1, as they are declared.
    pub fn variables(&self, level: usize) -> &[Variable] {
        &self.parsed.variables[level - 1]
    }

    /// Gives tables other names, such as whole paths; `name` returns `None` for a table that keeps its name.
    pub fn rename_tables(&mut self, name: impl Fn(&DataTable) -> Option<String>) {
        let mut renamed: Vec<(Arc<DataTable>, Arc<DataTable>)> = Vec::new();
        for (_, constant) in &mut self.draft.tables {
            let known = renamed.iter().find(|(old, _)| *old == constant.table);
            if let Some((_, new)) = known {
                constant.table = Arc::clone(new);
            } else if let Some(name) = name(&constant.table) {
                let new = Arc::new(DataTable::clone(&constant.table).named(&name));
                let old = std::mem::replace(&mut constant.table, Arc::clone(&new));
                renamed.push((old, new));
            }
        }
    }

    /// The constants from tables with their numbers.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&str, &TableNumbers)> {
        let names = self.draft.tables.iter().map(|(name, _)| name.as_str());
        names.zip(&self.parsed.tables.numbers)
    }

    /// The tables that constants hold, in words; `None` without tables.
    pub fn data_summary(&self) -> Option<&str> {
        let summary = self.parsed.tables.summary.as_str();
        (!summary.is_empty()).then_some(summary)
    }

    /// The objectives, leader first, ready to be evaluated for the present values of the constants.
    pub(crate) fn programs(&self) -> Vec<ObjectiveProgram> {
        // a slider changes only numbers, which are not checked
        let Ok(compiled) = self.parsed.compiled(&self.draft) else {
            unreachable!("a model has been compiled before")
        };
        let (tape, shape) = (&compiled.compiler.tape, self.shape());
        let objectives = compiled.objectives.into_iter();
        objectives
            .map(|objective| ObjectiveProgram {
                value: Program::new(tape, objective, shape),
                pole_terms: pole_terms(tape, objective, shape),
                feature_terms: feature_terms(tape, objective, shape),
            })
            .collect()
    }
}

/// An objective, ready to be evaluated, with the parts that a search for its minima looks at.
#[derive(Clone, Debug)]
pub(crate) struct ObjectiveProgram {
    /// The objective.
    pub(crate) value: Program,
    /// The terms at whose zeros it may have a pole.
    pub(crate) pole_terms: Vec<PoleTerm>,
    /// The terms with which it turns.
    pub(crate) feature_terms: Vec<FeatureTerm>,
}

/// The error on a constant from a table, or on the preparation of tables.
fn of_table(draft: &Draft, error: TableConstantError) -> FormulaError {
    let name_of = |number: usize| draft.tables.get(number).map_or("", |(name, _)| name);
    let (place, name) = match error.source {
        ConstantSource::Constant(number) => (FormulaPart::Table(number), name_of(number)),
        ConstantSource::Column(number, column) => {
            (FormulaPart::Column(number, column), name_of(number))
        }
        ConstantSource::Key(key) => (FormulaPart::Preparation(key), key),
    };
    SpanError::of(place, name, error.reason)
}

/// Numbers of a table as constants of formulas.
fn fixed_values(numbers: &TableNumbers) -> ScopeValue {
    let fixed = |numbers: &Vec<f64>| numbers.iter().copied().map(Operand::Constant).collect();
    match numbers {
        TableNumbers::Vector(entries) => ScopeValue::Vector(fixed(entries)),
        TableNumbers::Matrix(rows) => ScopeValue::Matrix(rows.iter().map(fixed).collect()),
    }
}

/// The formula in place of one that could not be parsed.
fn zero() -> Expr {
    Expr {
        node: Node::Number(0.0),
        span: 0..0,
    }
}

fn too_many(
    count: usize,
    most: usize,
    message: impl FnOnce(usize, usize) -> String,
) -> Option<FormulaError> {
    (count > most).then(|| SpanError::of(FormulaPart::Whole, "", message(count, most)))
}

impl Parsed {
    /// Parses what can be parsed, with the errors of the rest, whose formulas are 0 then.
    ///
    /// # Errors
    /// If there are too many levels or names.
    fn new(
        draft: &Draft,
        unread: &UnreadParts,
    ) -> Result<(Self, Vec<FormulaError>), Vec<FormulaError>> {
        let levels = draft.levels.len();
        let mut troubles = Vec::new();
        let constants = draft.constants.len() + draft.tables.len();
        let definitions = draft.definitions.len();
        let message = messages::formula::too_many_levels;
        troubles.extend(too_many(levels, MOST_LEVELS, message));
        let message = messages::formula::too_many_constants;
        troubles.extend(too_many(constants, MOST_NAMES, message));
        let message = messages::formula::too_many_definitions;
        troubles.extend(too_many(definitions, MOST_NAMES, message));
        if !troubles.is_empty() {
            return Err(troubles);
        }
        let mut declared = declared(draft, unread, &mut troubles);
        if levels < 2 {
            let message = messages::formula::too_few_levels(levels);
            troubles.push(SpanError::of(FormulaPart::Whole, "", message));
            // the variables of the others are not known
            declared.has_unread = true;
        }
        check_bounds(draft, &declared, &mut troubles);
        let Declared {
            variables,
            mut broken,
            has_unread,
            ..
        } = declared;
        let functions = broken.iter().filter(|name| is_reserved(name)).cloned();
        let functions: BTreeSet<String> = functions.collect();
        let mut parse_at = |text: &str, place: FormulaPart| {
            let parsed = parse(text, &functions);
            let errors = parsed.errors.into_iter();
            troubles.extend(errors.map(|wrong| wrong.at(place.clone(), text)));
            parsed.tree
        };
        let levels = draft.levels.iter().zip(1..);
        let objectives = levels
            .map(|(level, number)| parse_at(&level.objective, FormulaPart::Objective(number)))
            .map(|parsed| parsed.unwrap_or_else(zero))
            .collect();
        let mut definitions = Vec::new();
        for (number, (name, text)) in draft.definitions.iter().enumerate() {
            let parsed = parse_at(text, FormulaPart::Definition(number));
            if parsed.is_none() {
                broken.insert(name.clone());
            }
            definitions.push(parsed.unwrap_or_else(zero));
        }
        let tables = prepare_tables(&draft.tables, &draft.preparation).unwrap_or_else(|errors| {
            troubles.extend(errors.into_iter().map(|error| of_table(draft, error)));
            broken.extend(draft.tables.iter().map(|(name, _)| name.clone()));
            PreparedTables::default()
        });
        let DefinitionOrder {
            mut order,
            circular,
            errors,
        } = in_order(draft, &definitions);
        troubles.extend(errors);
        // definitions in circles have no values, and their formulas are checked all the same
        let names = circular
            .iter()
            .map(|number| draft.definitions[*number].0.clone());
        broken.extend(names);
        order.extend(&circular);
        let sizes: Vec<usize> = variables
            .iter()
            .map(|level| level.iter().map(Variable::entries).sum())
            .collect();
        let parsed = Self {
            variables,
            shape: Shape::new(&sizes),
            objectives,
            definitions,
            order,
            tables,
            broken,
            has_unread,
        };
        Ok((parsed, troubles))
    }

    fn compiled(&self, draft: &Draft) -> Result<CompiledModel, Vec<FormulaError>> {
        let most = if draft.tables.is_empty() {
            MOST_OPERATIONS
        } else {
            MOST_OPERATIONS_WITH_TABLES
        };
        let mut compiler = Compiler::new(most);
        let mut troubles = Vec::new();
        self.name_variables(&mut compiler);
        for ((name, _), numbers) in draft.tables.iter().zip(&self.tables.numbers) {
            compiler
                .scope
                .add(name, Named::Value(fixed_values(numbers)));
        }
        for (name, constant) in &draft.constants {
            let named = match constant.range {
                Some(_) => Named::Slider(constant.value),
                None => Named::Fixed(constant.value),
            };
            compiler.scope.add(name, named);
        }
        for name in &self.broken {
            compiler.scope.add(name, Named::Broken);
        }
        compiler.scope.has_unread = self.has_unread;
        for &number in &self.order {
            let (name, text) = &draft.definitions[number];
            let value = compiler.value(&self.definitions[number]);
            let errors = compiler.take_errors().into_iter();
            troubles.extend(errors.map(|wrong| wrong.at(FormulaPart::Definition(number), text)));
            if !self.broken.contains(name) {
                let named = value.map_or(Named::Broken, Named::Value);
                compiler.scope.add(name, named);
            }
            if compiler.is_exhausted() {
                return Err(troubles);
            }
        }
        let mut objectives = Vec::new();
        for (level, (objective, draft)) in (1..).zip(self.objectives.iter().zip(&draft.levels)) {
            objectives.extend(compiler.scalar(objective));
            let errors = compiler.take_errors().into_iter();
            let place = FormulaPart::Objective(level);
            troubles.extend(errors.map(|wrong| wrong.at(place.clone(), &draft.objective)));
            if compiler.is_exhausted() {
                return Err(troubles);
            }
        }
        if troubles.is_empty() {
            Ok(CompiledModel {
                compiler,
                objectives,
            })
        } else {
            Err(troubles)
        }
    }

    fn name_variables(&self, compiler: &mut Compiler) {
        let mut next = 0;
        for variable in self.variables.iter().flatten() {
            let mut entry = || {
                let op = super::tape::Op::Variable(next);
                next += 1;
                Operand::Result(compiler.tape.push(op))
            };
            let value = match variable.size {
                None => ScopeValue::Scalar(entry()),
                Some(size) => ScopeValue::Vector((0..size).map(|_| entry()).collect()),
            };
            compiler.scope.add(&variable.name, Named::Value(value));
        }
    }
}
