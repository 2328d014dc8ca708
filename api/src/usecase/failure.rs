//! How a use case ends when it does not succeed: by the caller's doing, or by ours.

use okaeri_engine::domain::{LegalCode, LegalFinding};

use crate::fault::Fault;

/// What a caller can act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The stable code.
    pub code: RejectionCode,
    /// Path of the input field that is to blame; empty where none is.
    pub field: Vec<String>,
    /// In English, then in Japanese.
    pub message: (String, String),
}

/// Stable codes of rejections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectionCode {
    /// No such thing, or not for this viewer: the difference would be a leak.
    NotFound,
    /// A text is empty where it must not be.
    Blank,
    /// A text or a list is longer than its limit.
    TooLong,
    /// A value lies outside its range.
    OutOfRange,
    /// A value has the wrong form.
    Invalid,
    /// The thing's state does not allow this step.
    InvalidState,
    /// The opportunity is not open.
    NotOpen,
    /// The person may not be ranked for this kind.
    NotEligible,
    /// There is no consent to withdraw.
    NotGiven,
    /// The text that was agreed to is not the current one.
    ConsentTextOutdated,
    /// The invitation was answered before.
    AlreadyAnswered,
    /// The sign-in link is unknown, used or expired.
    InvalidLink,
    /// The programme does not offer this kind.
    KindNotOffered,
    /// The person was approached as often as the programme allows.
    TooManyApproaches,
    /// The external id is taken.
    Taken,
    /// The same idempotency key came with another input.
    IdempotencyKeyReused,
    /// Somebody else changed the thing since it was read.
    VersionConflict,
    /// Every seat is taken.
    NoSeatLeft,
    /// The law asks for this, or refuses it.
    Law(LegalCode),
}

impl Rejection {
    /// A rejection that blames `field`, a dotted path such as `tenures.0.from`.
    #[must_use]
    pub fn new(
        code: RejectionCode,
        field: &str,
        english: impl Into<String>,
        japanese: impl Into<String>,
    ) -> Self {
        let field = field
            .split('.')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        Self {
            code,
            field,
            message: (english.into(), japanese.into()),
        }
    }

    /// What the law refuses in an offer.
    #[must_use]
    pub fn unlawful(finding: &LegalFinding) -> Self {
        let (english, japanese) = finding.message();
        Self::new(
            RejectionCode::Law(finding.code),
            &finding.field,
            english,
            japanese,
        )
    }

    /// No such thing, or not for this viewer.
    #[must_use]
    pub fn not_found(field: &str, thing: &str, japanese: &str) -> Self {
        Self::new(
            RejectionCode::NotFound,
            field,
            format!("no such {thing}"),
            format!("{japanese}が見つかりません"),
        )
    }

    /// A deletion that nobody asked for.
    #[must_use]
    pub fn not_meant() -> Self {
        Self::new(
            RejectionCode::Invalid,
            "isMeant",
            "isMeant is false: nothing was deleted",
            "isMeantがfalseのため、何も削除していません",
        )
    }
}

/// How a use case ends when it does not succeed.
#[derive(Debug)]
pub enum Failure {
    /// An outcome the caller can act on; at least one.
    Rejected(Vec<Rejection>),
    /// Ours.
    Fault(Fault),
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(vec![rejection])
    }
}

impl<E: Into<Fault>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}
