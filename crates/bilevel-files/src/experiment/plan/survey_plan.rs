//! Plans of surveys: starts, methods or settings, and seeds of an experiment.

use std::sync::Arc;

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, Metadata, Problem};
use bilevel::run::RunSpec;
use bilevel::study::{REST, StartGrid, Survey};
use thiserror::Error;

use super::variants::Variant;
use crate::messages;
use crate::{Experiment, PlanError, SweepAxis, SweepAxisError};

/// Options of a survey.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyOptions {
    /// Names of the variables that the grid of starts varies; `None` for the leader's only variable.
    pub plane: Option<Vec<String>>,
    /// The number of starts along each of these variables.
    pub side: usize,
    /// Labels of the methods that take part; if empty, all.
    pub methods: Vec<String>,
    /// The only seed; `None` for all seeds of the experiment.
    pub seed: Option<u64>,
    /// The rest tolerance: a run counts as converged if its method's direction is at most this long.
    pub rest: f64,
}

impl SurveyOptions {
    /// The default number of starts along an axis.
    pub const SIDE: usize = 64;
}

impl Default for SurveyOptions {
    fn default() -> Self {
        Self {
            plane: None,
            side: Self::SIDE,
            methods: Vec::new(),
            seed: None,
            rest: REST,
        }
    }
}

/// A method in a survey, or one setting of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyMethod {
    /// The method, counted from 0.
    pub method: usize,
    /// The values of the varied parameters; empty if none is varied.
    pub values: Vec<f64>,
}

/// A survey with a description of its variants.
#[derive(Clone, Debug)]
pub struct SurveyPlan {
    /// The survey's runs.
    pub survey: Survey,
    /// The variants, in the survey's order.
    pub methods: Vec<SurveyMethod>,
    /// The varied parameters.
    pub varied: Vec<SweepAxis>,
}

/// The reason why a survey cannot be planned.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SurveyError {
    /// A run is not possible.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A parameter cannot be varied.
    #[error(transparent)]
    Vary(#[from] SweepAxisError),
    /// The leader has several variables and no plane is named.
    #[error("{}", messages::surveys::no_plane(*.0))]
    NoPlane(usize),
    /// A plane is not one or two different variables.
    #[error("{}", messages::surveys::wrong_plane(.0))]
    Plane(String),
    /// A variable does not exist.
    #[error("{}", messages::surveys::unknown_variable(.name, .known))]
    Variable {
        /// The unknown name.
        name: String,
        /// The existing variables.
        known: String,
    },
    /// A method does not exist.
    #[error("{}", messages::experiment::unknown_label(.label, .known))]
    Label {
        /// The unknown label.
        label: String,
        /// The existing labels.
        known: String,
    },
    /// The experiment has no methods.
    #[error("{}", messages::surveys::no_methods())]
    NoMethods,
}

impl Experiment {
    /// Plans a survey of all methods, or of those in `ask`, from every start of a grid.
    pub fn basins(
        &self,
        problem: &Arc<dyn Problem>,
        ask: &SurveyOptions,
    ) -> Result<SurveyPlan, SurveyError> {
        let labels: Vec<&String> = self.methods.iter().map(|method| &method.label).collect();
        for label in &ask.methods {
            if !labels.contains(&label) {
                let known: Vec<&str> = labels.iter().map(|label| label.as_str()).collect();
                return Err(SurveyError::Label {
                    label: label.clone(),
                    known: known.join(", "),
                });
            }
        }
        let is_asked = |&method: &usize| {
            ask.methods.is_empty() || ask.methods.contains(&self.methods[method].label)
        };
        let methods: Vec<SurveyMethod> = (0..self.methods.len())
            .filter(is_asked)
            .map(|method| SurveyMethod {
                method,
                values: Vec::new(),
            })
            .collect();
        let templates: Result<Vec<RunSpec>, SurveyError> = methods
            .iter()
            .map(|entry| self.template(entry.method, problem))
            .collect();
        self.planned(problem, ask, templates?, (methods, Vec::new()))
    }

    /// Plans a survey of all settings of a sweep, from every start of a grid.
    pub fn sweep(
        &self,
        problem: &Arc<dyn Problem>,
        ask: &SurveyOptions,
        varied: Vec<SweepAxis>,
    ) -> Result<SurveyPlan, SurveyError> {
        let (method, variants) = self.variants(&varied)?;
        let template = self.template(method, problem)?;
        let templates = variants.iter().map(|variant| RunSpec {
            settings: variant.settings.clone(),
            ..template.clone()
        });
        let templates = templates.collect();
        let variant = |Variant { values, .. }: Variant| SurveyMethod { method, values };
        let methods = variants.into_iter().map(variant).collect();
        self.planned(problem, ask, templates, (methods, varied))
    }

    /// A run of a method; its start and seed are replaced later.
    fn template(&self, method: usize, problem: &Arc<dyn Problem>) -> Result<RunSpec, SurveyError> {
        let mut runs = self.runs_of(method, problem)?.into_iter();
        let (_, spec) = runs.next().ok_or(SurveyError::NoMethods)?;
        Ok(spec)
    }

    fn planned(
        &self,
        problem: &Arc<dyn Problem>,
        ask: &SurveyOptions,
        variants: Vec<RunSpec>,
        (methods, varied): (Vec<SurveyMethod>, Vec<SweepAxis>),
    ) -> Result<SurveyPlan, SurveyError> {
        if variants.is_empty() {
            return Err(SurveyError::NoMethods);
        }
        let metadata = problem.metadata();
        let axes = match &ask.plane {
            Some(names) => plane(names, metadata)?,
            None => suited_to_file(metadata)?,
        };
        let base: Point = self.start_points(&**problem).swap_remove(0);
        let survey = Survey {
            variants,
            seeds: ask
                .seed
                .map_or_else(|| self.seeds.clone(), |seed| vec![seed]),
            grid: StartGrid::new(metadata, &axes, ask.side, base),
            rest: ask.rest,
        };
        Ok(SurveyPlan {
            survey,
            methods,
            varied,
        })
    }
}

/// The leader's only variable, the default plane of a survey; an error if there are several.
fn suited_to_file(metadata: &Metadata) -> Result<Vec<Coordinate>, SurveyError> {
    match metadata.shape().size(1) {
        1 => Ok(vec![Coordinate { level: 1, index: 0 }]),
        more => Err(SurveyError::NoPlane(more)),
    }
}

/// The variables with these names: those of `trace.csv`, or the problem's symbols without markup.
fn plane(names: &[String], metadata: &Metadata) -> Result<Vec<Coordinate>, SurveyError> {
    let find = |name: &String| {
        let name = name.trim();
        let coordinates = metadata.coordinates();
        let named = coordinates.iter().copied().find(|at| {
            let symbol = metadata.variable(*at).replace(['{', '}', '\\'], "");
            at.to_string() == name || symbol == name
        });
        named.ok_or_else(|| SurveyError::Variable {
            name: name.to_owned(),
            known: match &coordinates[..] {
                [first, .., last] if coordinates.len() > 8 => {
                    messages::surveys::first_to_last(&first.to_string(), &last.to_string())
                }
                all => all
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", "),
            },
        })
    };
    let axes: Vec<Coordinate> = names.iter().map(find).collect::<Result<_, _>>()?;
    match axes[..] {
        [_] => Ok(axes),
        [one, other] if one != other => Ok(axes),
        _ => Err(SurveyError::Plane(names.join(", "))),
    }
}
