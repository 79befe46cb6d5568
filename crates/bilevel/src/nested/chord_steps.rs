//! Derivatives of exact solutions by chord steps in nilpotent numbers; see `exact.rs`.

use std::ops::Range;

use super::level::Level;
use super::lifted::{
    LevelGradient, LiftedPoint, LowerLevels, innermost_product, innermost_slopes, no_slopes, slopes,
};
use crate::numerics::{Levels, Nilpotent};
use crate::problem::Oracle;

impl LowerLevels for [Level] {
    fn answer(&self, oracle: &mut Oracle<'_>, lifted: &mut LiftedPoint, first: usize) {
        let here = &self[first - self[0].number];
        let order = lifted.order();
        let kept = lifted.begin(first);
        let size = lifted.shape().size(first);
        let mut found = no_slopes(size);
        for step in kept + 1..=order {
            if oracle.is_cancelled() {
                return;
            }
            // the previous step changed this block in the order before; with several variables, the deeper levels have
            // since been solved for another one
            let is_kept = size == 1 && step > kept + 1;
            lifted.ask(step, if is_kept { step - 2 } else { 0 });
            if first == lifted.shape().levels() {
                innermost_slopes(oracle, lifted, &mut found);
            } else {
                slopes(self, oracle, lifted, first, first, &mut found);
            }
            here.chord_step(lifted, &found);
        }
        lifted.ask(order, order.saturating_sub(1));
        if first < lifted.shape().levels() {
            self.answer(oracle, lifted, first + 1);
        }
        lifted.ask(order, 0);
    }

    /// Returns −Nᵀ w with H w = adjoint: w takes as many frozen steps as there are generators, each making one more
    /// order exact.
    fn pull_back(
        &self,
        oracle: &mut Oracle<'_>,
        lifted: &mut LiftedPoint,
        wrt: usize,
        adjoint: &[Nilpotent],
    ) -> LevelGradient {
        let here = &self[self.len() - 1];
        let range = lifted.shape().range(here.number);
        let mut out = vec![Nilpotent::constant(0.0); lifted.shape().total()];
        let mut solution: LevelGradient =
            adjoint.iter().map(|_| Nilpotent::constant(0.0)).collect();
        let mut left: LevelGradient = adjoint.iter().copied().collect();
        for step in 0..=lifted.order() {
            if step > 0 {
                let own = Levels::only(here.number);
                innermost_product(oracle, lifted, &solution, own, &mut out);
                for ((left, own), product) in left.iter_mut().zip(adjoint).zip(&out[range.clone()])
                {
                    *left = *own - *product;
                }
            }
            here.add_solved(0..1 << lifted.generators(), &left, &mut solution, 1.0);
        }
        innermost_product(oracle, lifted, &solution, Levels::only(wrt), &mut out);
        out[lifted.shape().range(wrt)]
            .iter()
            .map(|product| -*product)
            .collect()
    }
}

impl Level {
    /// x ← x − H⁻¹ G over the coefficients of all generators; the real part is solved already.
    fn chord_step(&self, lifted: &mut LiftedPoint, slopes: &[Nilpotent]) {
        let generators = lifted.generators();
        let numbers = lifted.block_mut(self.number);
        self.add_solved(1..1 << generators, slopes, numbers, -1.0);
    }

    /// Adds `sign` H⁻¹ `slopes` to `numbers`, over the coefficients of some subsets of the generators.
    fn add_solved(
        &self,
        subsets: Range<usize>,
        slopes: &[Nilpotent],
        numbers: &mut [Nilpotent],
        sign: f64,
    ) {
        let mut right = [0.0; 8];
        let mut long = vec![0.0; if slopes.len() > 8 { slopes.len() } else { 0 }];
        let right = if slopes.len() > 8 {
            &mut long[..]
        } else {
            &mut right[..slopes.len()]
        };
        for subset in subsets {
            for (right, slope) in right.iter_mut().zip(slopes) {
                *right = slope.coefficient(subset);
            }
            if right.iter().all(|value| *value == 0.0) {
                continue;
            }
            self.solve(right);
            for (number, value) in numbers.iter_mut().zip(&*right) {
                number.set(subset, number.coefficient(subset) + sign * *value);
            }
        }
    }
}
