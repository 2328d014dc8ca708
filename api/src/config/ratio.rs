//! Shares, as settings name them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A share in `[0, 1]`, kept in millionths so that two of them compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Ratio {
    millionths: u32,
}

/// A number that is no share.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("must be a share from 0 (none) to 1 (all), such as 0.1")]
pub struct NotARatio;

impl Ratio {
    /// All.
    pub const ONE: Self = Self {
        millionths: 1_000_000,
    };

    /// Rounds to millionths.
    ///
    /// # Errors
    ///
    /// [`NotARatio`] below 0, above 1, and for what is no number.
    pub fn new(value: f64) -> Result<Self, NotARatio> {
        if !(0.0..=1.0).contains(&value) {
            return Err(NotARatio);
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is within [0, 1000000]"
        )]
        let millionths = (value * 1e6).round() as u32;
        Ok(Self { millionths })
    }

    /// The share, in `[0, 1]`.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.millionths) / 1e6
    }
}

impl TryFrom<f64> for Ratio {
    type Error = NotARatio;

    fn try_from(value: f64) -> Result<Self, NotARatio> {
        Self::new(value)
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> Self {
        ratio.as_f64()
    }
}

impl FromStr for Ratio {
    type Err = NotARatio;

    fn from_str(text: &str) -> Result<Self, NotARatio> {
        Self::new(text.parse().map_err(|_| NotARatio)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_from_none_to_all() {
        for value in [0.0, 0.000_001, 0.1, 1.0] {
            assert_eq!(Ratio::new(value).map(f64::from), Ok(value));
        }
        for wrong in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Ratio::new(wrong), Err(NotARatio), "{wrong}");
        }
        assert_eq!("0.25".parse(), Ratio::new(0.25));
        assert_eq!("half".parse::<Ratio>(), Err(NotARatio));
    }
}
