//! The compass at the pointer: ∇φ and each method's direction in a fresh state there.

use bilevel::numerics::{Point, WorkToken};
use bilevel::study::{self, CompassMethod, Direction, TrueDirection};

use super::{CompassFields, CompassPicture, RequestedMethod};
use crate::build::compass::{Heading, PointedMethod, pointer_lines};
use crate::view::View as _;
use crate::view::context::{SharedProblem, ViewContext};

/// A point of the leader's plane, and the methods whose fresh states begin there.
#[derive(Clone, Debug, PartialEq)]
pub struct CompassPointerRequest {
    problem: SharedProblem,
    at: Point,
    methods: Vec<RequestedMethod>,
}

/// The directions at a point.
#[derive(Clone, Debug)]
pub struct CompassReading {
    at: Point,
    there: Option<TrueDirection>,
    methods: Vec<(usize, Result<Direction, String>)>,
}

impl CompassPointerRequest {
    /// The request for a leader of one or two variables, drawn back into the box; `None` for more.
    pub fn new(context: &ViewContext<'_>, pointer: [f64; 2]) -> Option<Self> {
        let request = CompassPicture::request(context).ok()?;
        let mut at = request.base.clone();
        let variables = at[1].len();
        if variables > 2 {
            return None;
        }
        at[1].copy_from_slice(&pointer[..variables]);
        let bounds = &request.problem.metadata().bounds;
        bounds.project(1, &mut at[1]);
        let methods = request.methods.into_iter().map(|method| RequestedMethod {
            heading: None,
            course: Vec::new(),
            ..method
        });
        Some(Self {
            problem: request.problem.clone(),
            methods: methods.collect(),
            at,
        })
    }

    /// Computes the directions; `None` once the token is cancelled.
    pub fn read(&self, token: &WorkToken) -> Option<CompassReading> {
        let problem = &*self.problem;
        let there = study::true_direction(problem, &self.at, token);
        // without a solution of the lower levels fresh states begin at the point as it is
        let answered = there.as_ref().map_or(&self.at, |there| &there.answered);
        let direction = |method: &RequestedMethod| {
            if let Some(reason) = study::no_direction(&method.spec) {
                return Err(reason.to_owned());
            }
            let fresh = CompassMethod {
                spec: method.spec.clone(),
                lower: method.lower.clone(),
            };
            fresh.at(answered, token)
        };
        let methods = self.methods.iter();
        let methods = methods.map(|method| (method.slot, direction(method)));
        let reading = CompassReading {
            at: self.at.clone(),
            methods: methods.collect(),
            there,
        };
        (!token.is_cancelled()).then_some(reading)
    }
}

impl CompassReading {
    /// The directions in words, a line for φ and one for each method.
    pub fn lines(&self, context: &ViewContext<'_>, fields: &CompassFields) -> Vec<String> {
        let there = self.there.as_ref();
        let methods = self.methods.iter().filter_map(|(slot, direction)| {
            let method = context.experiment.methods.get(*slot)?;
            let heading = |direction: &Direction| Heading {
                iteration: 0,
                x: self.at[1].to_vec(),
                value: there.map_or(f64::NAN, |there| there.value),
                gradient: there.and_then(|there| there.gradient.clone()),
                direction: direction.mean.clone(),
                velocity: None,
            };
            Some(PointedMethod {
                name: &method.label,
                is_joint: method.entry.joint_step,
                heading: direction.as_ref().map(heading),
            })
        });
        let methods: Vec<PointedMethod<'_>> = methods.collect();
        let lower = CompassPicture::lower(context);
        let place = (&self.at[1], there.map(|there| there.value));
        pointer_lines(
            context.problem.metadata(),
            lower,
            fields.data.usual,
            place,
            &methods,
        )
    }
}
