//! The operations of an objective whose parts a search for minima looks at.

use super::tape::{Op, Operand, OperationTape};

/// The most operations of an objective whose parts are listed, and the most parts: a sum over data has one for each row.
const LARGEST: u32 = 4096;
pub(super) const MOST: usize = 32;

/// The number of a result with few operations before it; `None` for a constant or a large objective.
pub(super) fn small_result(result: Operand) -> Option<u32> {
    match result {
        Operand::Result(last) if last <= LARGEST => Some(last),
        _ => None,
    }
}

/// The operations that a result needs, from it back to the variables.
pub(super) fn needed(tape: &OperationTape, last: u32) -> Vec<Op> {
    let mut is_needed = vec![false; last as usize + 1];
    is_needed[last as usize] = true;
    let mut ops = Vec::new();
    for number in (0..=last).rev() {
        if is_needed[number as usize] {
            let op = tape.op(number);
            for operand in op.operands() {
                is_needed[operand as usize] = true;
            }
            ops.push(op);
        }
    }
    ops
}
