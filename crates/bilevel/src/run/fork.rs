//! Forks: runs that continue another one, as branches from one of its iterates.

use super::spec::{RunPart, RunSpec};
use crate::messages;
use crate::method::{MethodInfo, MethodState, Start, StepDiagnostics};
use crate::problem::{Oracle, Settings};

impl RunSpec {
    /// A branch of this run at an iteration: the same run, until its method or its parameters are changed. It makes the
    /// iterations of this run up to there again, so that its record, its counts and its time include them. `name` is the
    /// name of this run in messages.
    ///
    /// The same method continues in the state that it has reached, under the branch's parameters; another one starts at
    /// the point alone, with the random stream of seed and start.
    ///
    /// ```
    /// use bilevel::prelude::*;
    ///
    /// # fn main() -> Result<(), ParameterError> {
    /// let problem = problem::find("valleys").unwrap().instance();
    /// let heavy = RunSpec::new(&problem, method::find("itd").unwrap()).with("momentum", 0.9)?;
    /// let plain = heavy.branch("ITD", 120).with("momentum", 0.0)?;
    /// let (_, with) = Run::to_end(heavy);
    /// let (_, without) = Run::to_end(plain);
    /// assert_eq!(with.point(120), without.point(120));
    /// assert_ne!(with.point(200), without.point(200));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn branch(&self, name: &str, iteration: u64) -> Self {
        let mut earlier: Vec<RunPart> = Vec::with_capacity(self.earlier.len() + 1);
        let own = RunPart {
            name: name.to_owned(),
            method: self.method,
            settings: self.settings.clone(),
            until: iteration,
        };
        // a branch that leaves before this one has left its own parent continues that parent
        for part in self.earlier.iter().cloned().chain([own]) {
            let is_last = part.until > iteration;
            earlier.push(RunPart {
                until: part.until.min(iteration),
                ..part
            });
            if is_last {
                break;
            }
        }
        Self {
            earlier: earlier.into(),
            ..self.clone()
        }
    }

    /// The method and the parameters of a part of the run, counted from 0; the last one is the run's own.
    pub(crate) fn part(&self, part: usize) -> (&'static MethodInfo, &Settings) {
        match self.earlier.get(part) {
            Some(part) => (part.method, &part.settings),
            None => (self.method, &self.settings),
        }
    }

    /// The state before the first iteration.
    pub(crate) fn first_state(&self) -> Box<dyn MethodState> {
        let (method, settings) = self.part(0);
        (method.build)(settings).start(&self.key())
    }

    /// The state after some iterations, computed anew from the start, with the number of earlier parts that are done.
    ///
    /// # Errors
    /// If an iteration fails, or the work is cancelled; with the reason.
    pub(crate) fn state_at(
        &self,
        iteration: u64,
        oracle: &mut Oracle<'_>,
    ) -> Result<(Box<dyn MethodState>, usize), String> {
        let (mut state, mut part) = (self.first_state(), 0);
        for done in 0..iteration {
            self.begin_parts(&mut part, done, &mut state);
            if oracle.is_cancelled() {
                return Err(messages::run::work_cancelled().to_owned());
            }
            let step = state.step(oracle, &mut StepDiagnostics::ignored());
            step.map_err(|error| error.to_string())?;
        }
        self.begin_parts(&mut part, iteration, &mut state);
        Ok((state, part))
    }

    /// Continues a state by the parts that begin after an iteration, given the number of parts that are done; true if there
    /// are any.
    pub(crate) fn begin_parts(
        &self,
        part: &mut usize,
        iteration: u64,
        state: &mut Box<dyn MethodState>,
    ) -> bool {
        let before = *part;
        while self.earlier.get(*part).map(|part| part.until) == Some(iteration) {
            *state = self.state_after(*part, &**state);
            *part += 1;
        }
        *part > before
    }

    /// The state in which the next part continues the last one of a part.
    fn state_after(&self, part: usize, state: &dyn MethodState) -> Box<dyn MethodState> {
        let [(before, old), (method, new)] = [part, part + 1].map(|part| self.part(part));
        let is_same = before.id == method.id;
        if is_same && old == new {
            return state.clone_box();
        }
        let next = (method.build)(new);
        let resumed = is_same.then(|| next.resume(&self.key(), state)).flatten();
        resumed.unwrap_or_else(|| {
            next.start(&Start {
                point: state.point(),
                ..self.key()
            })
        })
    }

    /// The start, and the key of the random numbers.
    fn key(&self) -> Start<'_> {
        Start {
            point: &self.start,
            seed: self.seed,
            number: self.start_number,
        }
    }
}
