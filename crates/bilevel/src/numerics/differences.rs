//! Central differences with extrapolation: a check of gradients that is independent of all derivative code.

/// Returns the gradient of `value` at `x` by central differences at h and h/2 and one Richardson extrapolation: error
/// O(h⁴).
///
/// `None` if a value is not finite.
pub fn richardson(x: &[f64], h: f64, value: impl Fn(&[f64]) -> f64) -> Option<Vec<f64>> {
    let mut moved = x.to_vec();
    let mut gradient = Vec::with_capacity(x.len());
    for i in 0..x.len() {
        let step = h * x[i].abs().max(1.0);
        let mut central = |step: f64| {
            moved[i] = x[i] + step;
            let above = value(&moved);
            moved[i] = x[i] - step;
            let below = value(&moved);
            moved[i] = x[i];
            (above - below) / (2.0 * step)
        };
        let extrapolated = (4.0 * central(step / 2.0) - central(step)) / 3.0;
        if !extrapolated.is_finite() {
            return None;
        }
        gradient.push(extrapolated);
    }
    Some(gradient)
}
