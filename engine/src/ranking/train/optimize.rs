//! A small optimiser: projected gradient with spectral steps.
//!
//! Knows no features; a smooth function and a projection onto a convex set go in, a place where the function is
//! small comes out.

/// Most steps; the objective of 20 lists settles within 100.
const STEPS_MAX: usize = 300;

/// Most halvings of one step; then the place is as good as numbers can tell.
const HALVINGS_MAX: usize = 40;

/// A move smaller than this in every weight ends the search: a tenth of the digits that a model file keeps.
const MOVE_MIN: f64 = 1e-7;

/// The range of spectral steps, as in the paper.
const STEP_MIN: f64 = 1e-10;
const STEP_MAX: f64 = 1e4;

/// What share of the decrease that the slope promises a step must bring (Armijo's condition).
const DECREASE: f64 = 1e-4;

/// Finds a minimum by projected gradients whose length follows the curvature (Birgin, Martínez & Raydan, "Nonmonotone
/// spectral projected gradient methods on convex sets", 2000), here monotone: simpler than L-BFGS-B, and as good for
/// some twenty variables.
///
/// - `loss`: value and gradient
/// - `project`: brings a point to the nearest one of a convex set
/// - `start`: a point of the set, or one that the projection brings there
pub(super) fn minimize(
    loss: impl Fn(&[f64]) -> (f64, Vec<f64>),
    project: impl Fn(&mut [f64]),
    start: &[f64],
) -> Vec<f64> {
    let mut at = start.to_vec();
    project(&mut at);
    let (mut value, mut gradient) = loss(&at);
    let largest = gradient.iter().fold(0.0_f64, |max, one| max.max(one.abs()));
    let mut step = (1.0 / largest.max(STEP_MIN)).clamp(STEP_MIN, STEP_MAX);
    for _ in 0..STEPS_MAX {
        let mut target: Vec<f64> = at.iter().zip(&gradient).map(|(x, g)| x - step * g).collect();
        project(&mut target);
        let direction: Vec<f64> = target.iter().zip(&at).map(|(to, from)| to - from).collect();
        if direction.iter().all(|part| part.abs() < MOVE_MIN) {
            break;
        }
        let slope = dot(&gradient, &direction);
        let Some((next, next_value, next_gradient)) = search(&loss, &at, value, &direction, slope) else {
            break;
        };
        let moved: Vec<f64> = next.iter().zip(&at).map(|(to, from)| to - from).collect();
        let bent: Vec<f64> = next_gradient
            .iter()
            .zip(&gradient)
            .map(|(new, old)| new - old)
            .collect();
        let curvature = dot(&moved, &bent);
        step = if curvature > 0.0 {
            (dot(&moved, &moved) / curvature).clamp(STEP_MIN, STEP_MAX)
        } else {
            STEP_MAX
        };
        (at, value, gradient) = (next, next_value, next_gradient);
    }
    at
}

/// The first of ever shorter moves along `direction` that brings enough; `None` when none does.
fn search(
    loss: &impl Fn(&[f64]) -> (f64, Vec<f64>),
    at: &[f64],
    value: f64,
    direction: &[f64],
    slope: f64,
) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    let mut share = 1.0;
    for _ in 0..HALVINGS_MAX {
        let next: Vec<f64> = at.iter().zip(direction).map(|(x, d)| x + share * d).collect();
        let (next_value, next_gradient) = loss(&next);
        if next_value <= value + DECREASE * share * slope {
            return Some((next, next_value, next_gradient));
        }
        share *= 0.5;
    }
    None
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_of_a_bowl_is_found_inside_the_set_and_on_its_edge() {
        // (x − 1)² + 10 (y + 2)² over x, y ≥ 0: the edge y = 0.
        let bowl = |at: &[f64]| {
            let (x, y) = (at[0] - 1.0, at[1] + 2.0);
            (x * x + 10.0 * y * y, vec![2.0 * x, 20.0 * y])
        };
        let orthant = |at: &mut [f64]| at.iter_mut().for_each(|x| *x = x.max(0.0));
        let found = minimize(bowl, orthant, &[5.0, 5.0]);
        assert!((found[0] - 1.0).abs() < 1e-6 && found[1] == 0.0, "{found:?}");
        let free = minimize(bowl, |_| {}, &[5.0, 5.0]);
        assert!((free[1] + 2.0).abs() < 1e-6, "{free:?}");
    }
}
