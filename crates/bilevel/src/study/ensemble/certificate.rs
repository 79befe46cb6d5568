//! Findings on φ around an answered point, which do not depend on the run that ended there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::numerics::Point;
use crate::referee::Around;

/// The most points whose certificates are kept.
const MOST: usize = 1 << 10;

/// Findings on φ around an answered point.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    /// True if φ is the same when the lower levels are solved again.
    pub(super) is_found_again: bool,
    /// ∇φ, if it is known.
    pub(super) slope: Option<Vec<f64>>,
    /// True if values of φ confirm that slope.
    pub(super) is_confirmed: bool,
    /// The behavior of φ; `None` near a known minimum, where it is not needed.
    pub(super) around: Option<Around>,
}

/// The certificates so far, by the bits of their points. Each depends on its point alone.
#[derive(Debug, Default)]
pub(super) struct Certificates {
    known: Mutex<HashMap<Vec<u64>, Arc<Certificate>>>,
}

impl Certificates {
    /// The certificate of a point: the one kept, or a new one. It is kept if the work was not cancelled.
    pub(super) fn of(
        &self,
        answered: &Point,
        certify: impl FnOnce() -> Certificate,
        is_cancelled: impl FnOnce() -> bool,
    ) -> Arc<Certificate> {
        let bits: Vec<u64> = (answered.values().iter().map(|value| value.to_bits())).collect();
        let locked = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = locked().get(&bits) {
            return Arc::clone(known);
        }
        let new = Arc::new(certify());
        if !is_cancelled() {
            let mut known = locked();
            if known.len() < MOST {
                known.insert(bits, Arc::clone(&new));
            }
        }
        new
    }
}
