//! Intervals that say how far a figure of few lists can be trusted.

/// The ends of an interval that holds the true value 95 times in 100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The normal distribution's 97.5th percentile.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % interval of a share (Wilson 1927), which stays in `[0, 1]` and is not empty at 0 or all of a few, as the
/// usual one is; everything possible when nothing was counted.
#[must_use]
pub fn wilson(n_hits: usize, n_all: usize) -> Interval {
    if n_all == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let n = n_all as f64;
    let share = n_hits as f64 / n;
    let scale = 1.0 + Z * Z / n;
    let center = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    Interval {
        low: (center - half).max(0.0),
        high: (center + half).min(1.0),
    }
}

/// How many times lists are drawn anew: the ends of the interval then move by less than .003 from seed to seed.
const RESAMPLES: usize = 2_000;

/// Where drawing starts; any number does, but always the same.
const SEED: u64 = 20_261_120;

/// The 95 % interval of a mean: percentiles of the means of lists drawn with replacement (Efron 1979); both ends the
/// mean itself when there is one list or none.
#[must_use]
pub fn bootstrap_mean(values: &[f64]) -> Interval {
    if values.len() < 2 {
        let mean = super::mean(values);
        return Interval {
            low: mean,
            high: mean,
        };
    }
    let mut state = SEED;
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let drawn = (0..values.len()).map(|_| values[below(&mut state, values.len())]);
            drawn.sum::<f64>() / values.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[((RESAMPLES - 1) as f64 * share).round() as usize];
    Interval {
        low: at(0.025),
        high: at(0.975),
    }
}

/// A number below `n`, from SplitMix64 (Steele et al. 2014).
fn below(state: &mut u64, n: usize) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    // The upper half of the product with n: even to within n / 2⁶⁴.
    ((u128::from(z) * n as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_agrees_with_published_values() {
        // Newcombe 1998, table I, method 3.
        for (n_hits, n_all, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let interval = wilson(n_hits, n_all);
            assert!((interval.low - low).abs() < 5e-5, "{interval:?}");
            assert!((interval.high - high).abs() < 5e-5, "{interval:?}");
        }
        assert_eq!(wilson(0, 0), Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn a_bootstrap_is_repeatable_and_about_two_standard_errors_wide() {
        let values: Vec<f64> = (0..20).map(|n| f64::from(n) / 19.0).collect();
        let interval = bootstrap_mean(&values);
        assert_eq!(interval, bootstrap_mean(&values));
        // The standard deviation is .303, the standard error .068.
        assert!((interval.low - (0.5 - 1.96 * 0.068)).abs() < 0.02, "{interval:?}");
        assert!(
            (interval.high - (0.5 + 1.96 * 0.068)).abs() < 0.02,
            "{interval:?}"
        );
        assert_eq!(bootstrap_mean(&[0.7]), Interval { low: 0.7, high: 0.7 });
        assert_eq!(bootstrap_mean(&[0.3; 5]), bootstrap_mean(&[0.3; 5]));
    }
}
