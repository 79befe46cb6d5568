//! The slope of the follower's objective that counts as zero at each row of the grid.

use std::ops::Range;

/// A slope counts as zero below this share of the steepest in its block of samples and the adjacent ones; the samples
/// per block.
const FLAT: f64 = 1e-13;
const BLOCK: usize = 16;

/// Fills `least` with the slope that counts as zero at each row, relative to the steepest row near it, since slopes may
/// grow by many powers of ten over a range. Rows beyond the dense ones are not measured by those farther out.
pub(super) fn fill_least(rows: &[[f64; 2]], dense: Range<usize>, least: &mut Vec<f64>) {
    // the third steepest, since beside a pole one or two rows are so steep that all others would count as flat
    let steepest = |rows: &[[f64; 2]]| {
        let slopes = rows.iter().map(|row| row[1].abs());
        let finite = slopes.filter(|slope| slope.is_finite());
        let mut most = [0.0_f64; 3];
        for slope in finite {
            let place = most.partition_point(|known| *known >= slope);
            if place < most.len() {
                most[place..].rotate_right(1);
                most[place] = slope;
            }
        }
        most[if rows.len() < BLOCK || most[2] == 0.0 {
            0
        } else {
            2
        }]
    };
    let inner = &rows[dense.clone()];
    let blocks: Vec<f64> = inner.chunks(BLOCK).map(steepest).collect();
    least.clear();
    for row in 0..dense.start {
        least.push(FLAT * steepest(&rows[row..(row + BLOCK).min(rows.len())]));
    }
    for (block, rows) in inner.chunks(BLOCK).enumerate() {
        let near = &blocks[block.saturating_sub(1)..(block + 2).min(blocks.len())];
        let most = near.iter().copied().fold(0.0_f64, f64::max);
        least.extend(rows.iter().map(|_| FLAT * most));
    }
    for row in dense.end..rows.len() {
        least.push(FLAT * steepest(&rows[(row + 1).saturating_sub(BLOCK)..=row]));
    }
}
