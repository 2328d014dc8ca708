//! What an entry of a list was placed by: stored with it, so that it can be placed again.
//!
//! - Rows of features are sparse: most people have nothing of most features, and a zero costs one bit.
//! - Codes are stored as texts, so that a list of another version says what it means.

use okaeri_engine::domain::{OpportunityKind, Role};
use okaeri_engine::features::{FeatureId, FeatureRow};
use okaeri_engine::index::Relevance;
use okaeri_engine::ranking::{Calibration, CandidateInputs, FeedInputs, own::Own, rerank::Variety};
use serde::ser::{SerializeSeq as _, SerializeTupleStruct as _};
use serde::{Deserialize, Serialize, Serializer};

/// What an entry was placed by. New forms come at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Inputs {
    /// A person who was erased since: nothing is left but the place.
    Erased,
    /// A candidate's features and multiplier.
    Candidate {
        /// In the order that the recorded model gives.
        features: Sparse,
        /// What coordination multiplied by.
        multiplier: Option<f64>,
    },
    /// What an item of a feed was placed by.
    Feed(Box<FeedItem>),
    /// What a typed search found.
    Found {
        /// The step that found it, from 0.
        step: u32,
        /// The words' score.
        words: f32,
        /// Words and characters as z-scores, for the best of a step.
        z: Option<[f64; 2]>,
    },
    /// One of those whom an invitation would reach.
    Previewed {
        /// The 0-based place among them.
        place: u32,
    },
    /// A candidate whom the share of a group brought forward.
    Lifted {
        /// In the order that the recorded model gives.
        features: Sparse,
        /// What coordination multiplied by.
        multiplier: Option<f64>,
        /// What the share added.
        lift: f64,
    },
}

/// What an item of a feed was placed by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedItem {
    features: Sparse,
    mean: f64,
    sd: f64,
    likeness: f64,
    wish: f64,
    preference: f64,
    exploration: f64,
    multiplier: Option<f64>,
    kind: String,
    department: Option<String>,
}

/// Numbers of which many are zero: stored as how many there are, a bit for each that is not zero, and these.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Packed")]
pub struct Sparse(pub Vec<f32>);

#[derive(Deserialize)]
struct Packed(u32, Vec<u8>, Vec<f32>);

/// The negative zero is another number: bits are kept, not values.
fn is_kept(value: &f32) -> bool {
    value.to_bits() != 0
}

/// By hand, since every entry of every list has two of them: nothing is copied.
impl Serialize for Sparse {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut packed = to.serialize_tuple_struct("Packed", 3)?;
        packed.serialize_field(&(self.0.len() as u32))?;
        packed.serialize_field(&Mask(&self.0))?;
        packed.serialize_field(&Kept(&self.0))?;
        packed.end()
    }
}

/// A bit for each number, set where it is kept.
struct Mask<'a>(&'a [f32]);

impl Serialize for Mask<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let byte = |eight: &[f32]| {
            let bits = eight.iter().enumerate();
            bits.fold(0_u8, |byte, (idx, value)| byte | u8::from(is_kept(value)) << idx)
        };
        to.collect_seq(self.0.chunks(8).map(byte))
    }
}

/// The numbers that are kept.
struct Kept<'a>(&'a [f32]);

impl Serialize for Kept<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let kept = || self.0.iter().filter(|value| is_kept(value));
        let mut numbers = to.serialize_seq(Some(kept().count()))?;
        for value in kept() {
            numbers.serialize_element(value)?;
        }
        numbers.end()
    }
}

impl From<Packed> for Sparse {
    fn from(Packed(n_values, mask, kept): Packed) -> Self {
        let mut kept = kept.into_iter();
        // A mask that was tampered with must not make us reserve memory.
        let n_values = (n_values as usize).min(mask.len() * 8);
        let is_kept = |idx: usize| mask[idx / 8] & (1 << (idx % 8)) != 0;
        let value = |idx| {
            if is_kept(idx) {
                kept.next().unwrap_or_default()
            } else {
                0.0
            }
        };
        Self((0..n_values).map(value).collect())
    }
}

impl Sparse {
    /// A row in this version's order.
    fn of(row: &FeatureRow) -> Self {
        Self(row.to_vec())
    }

    /// The row in this version's order; `features` is the order in which it was stored.
    fn row(&self, features: &[FeatureId]) -> FeatureRow {
        let mut row = [0.0; FeatureId::ALL.len()];
        for (feature, value) in features.iter().zip(&self.0) {
            row[*feature as usize] = *value;
        }
        row
    }
}

impl From<&CandidateInputs> for Inputs {
    fn from(inputs: &CandidateInputs) -> Self {
        let (features, multiplier) = (Sparse::of(&inputs.features), inputs.multiplier);
        match inputs.lift {
            Some(lift) => Self::Lifted {
                features,
                multiplier,
                lift,
            },
            None => Self::Candidate { features, multiplier },
        }
    }
}

impl From<&FeedInputs> for Inputs {
    fn from(inputs: &FeedInputs) -> Self {
        Self::Feed(Box::new(FeedItem {
            features: Sparse::of(&inputs.features),
            mean: inputs.calibration.mean,
            sd: inputs.calibration.sd,
            likeness: inputs.own.likeness,
            wish: inputs.own.wish,
            preference: inputs.own.preference,
            exploration: inputs.own.exploration,
            multiplier: inputs.multiplier,
            kind: inputs.variety.kind.code().to_owned(),
            department: inputs.variety.department.clone(),
        }))
    }
}

impl From<Relevance> for Inputs {
    fn from(relevance: Relevance) -> Self {
        Self::Found {
            step: relevance.step,
            words: relevance.words,
            z: relevance.z,
        }
    }
}

impl Inputs {
    /// As the engine reads a candidate's; `None` for anything else.
    #[must_use]
    pub fn candidate(&self, order: &[FeatureId]) -> Option<CandidateInputs> {
        let inputs = |features: &Sparse, multiplier: &Option<f64>, lift| CandidateInputs {
            features: features.row(order),
            multiplier: *multiplier,
            lift,
        };
        match self {
            Self::Candidate { features, multiplier } => Some(inputs(features, multiplier, None)),
            Self::Lifted {
                features,
                multiplier,
                lift,
            } => Some(inputs(features, multiplier, Some(*lift))),
            Self::Erased | Self::Feed(_) | Self::Found { .. } | Self::Previewed { .. } => None,
        }
    }

    /// As the engine reads an item's of a feed; `None` for anything else.
    #[must_use]
    pub fn feed(&self, order: &[FeatureId]) -> Option<FeedInputs> {
        match self {
            Self::Feed(item) => Some(FeedInputs {
                features: item.features.row(order),
                calibration: Calibration {
                    mean: item.mean,
                    sd: item.sd,
                },
                own: Own {
                    likeness: item.likeness,
                    wish: item.wish,
                    preference: item.preference,
                    exploration: item.exploration,
                },
                multiplier: item.multiplier,
                variety: Variety {
                    kind: OpportunityKind::from_code(&item.kind)?,
                    department: item.department.clone(),
                },
            }),
            Self::Erased
            | Self::Candidate { .. }
            | Self::Lifted { .. }
            | Self::Found { .. }
            | Self::Previewed { .. } => None,
        }
    }

    /// The same with the features in the order of another version.
    #[must_use]
    pub(super) fn in_order(mut self, order: &[FeatureId]) -> Self {
        let reorder = |features: &mut Sparse| {
            *features = Sparse(
                order
                    .iter()
                    .map(|feature| features.0[*feature as usize])
                    .collect(),
            );
        };
        match &mut self {
            Self::Candidate { features, .. } | Self::Lifted { features, .. } => reorder(features),
            Self::Feed(item) => reorder(&mut item.features),
            Self::Erased | Self::Found { .. } | Self::Previewed { .. } => {}
        }
        self
    }

    /// As a search orders by; `None` for anything else.
    #[must_use]
    pub fn relevance(&self) -> Option<Relevance> {
        match self {
            Self::Found { step, words, z } => Some(Relevance {
                step: *step,
                words: *words,
                z: *z,
            }),
            Self::Erased
            | Self::Candidate { .. }
            | Self::Lifted { .. }
            | Self::Feed(_)
            | Self::Previewed { .. } => None,
        }
    }
}

/// Who reads a ranking, as its record tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// The token's subject.
    pub subject: String,
    /// The code of the role.
    pub role: String,
    /// The unit of a member of staff.
    pub unit: Option<String>,
}

impl Reader {
    /// As what they read it; `None` for a role that this version does not know.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        Role::from_code(&self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparse_rows_are_read_back_bit_for_bit() {
        let values = vec![0.0, 0.5, -0.0, f32::MIN_POSITIVE, 0.0, 1.0, 0.0, 0.0, 0.25];
        let bytes = postcard::to_stdvec(&Sparse(values.clone())).unwrap();
        let Sparse(read) = postcard::from_bytes(&bytes).unwrap();
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read), bits(&values));
        let packed = (
            9_u32,
            vec![0b0010_1110_u8, 0b1],
            vec![0.5_f32, -0.0, f32::MIN_POSITIVE, 1.0, 0.25],
        );
        assert_eq!(bytes, postcard::to_stdvec(&packed).unwrap());
    }
}
