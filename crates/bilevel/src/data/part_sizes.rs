//! Sizes of the parts of a split, given as numbers of rows or as shares of all.

/// A part of a split.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartSize {
    /// The number of rows or, below 1, the share of all rows.
    pub(crate) asked: f64,
    /// The share that it takes of the rows left by others, where `asked` gives way.
    pub(crate) share: f64,
    /// True if `asked` gives way where the parts do not fit: a default, not a given size.
    pub(crate) is_open: bool,
}

/// The sizes of parts that are taken from `there` rows, of which a share of `rest` is left to a part without a size.
pub(crate) fn part_sizes(parts: &[PartSize], rest: f64, there: usize) -> Vec<usize> {
    let size = |part: &PartSize| {
        if part.asked < 1.0 {
            ((part.asked * there as f64).round() as usize).max(1)
        } else {
            part.asked as usize
        }
    };
    let mut sizes: Vec<usize> = parts.iter().map(size).collect();
    let least_rest = usize::from(rest > 0.0);
    if sizes.iter().sum::<usize>() + least_rest > there {
        let given = parts.iter().zip(&sizes).filter(|(part, _)| !part.is_open);
        let left = there.saturating_sub(given.map(|(_, size)| size).sum()) as f64;
        let open = parts.iter().filter(|part| part.is_open);
        let shares = rest + open.map(|part| part.share).sum::<f64>();
        for (part, size) in parts.iter().zip(&mut sizes) {
            if part.is_open {
                *size = ((left * part.share / shares) as usize).max(1);
            }
        }
    }
    // shares of all rows may round up to one row too many
    let shares: f64 = parts.iter().map(|part| part.asked).sum();
    let are_shares = parts.iter().all(|part| part.asked < 1.0) && shares <= 1.0 + 1e-9;
    while are_shares && sizes.iter().sum::<usize>() > there {
        match sizes.iter_mut().max() {
            Some(most) if *most > 1 => *most -= 1,
            _ => break,
        }
    }
    sizes
}
