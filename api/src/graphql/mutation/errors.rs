//! What the caller of a mutation got wrong, as data.

use async_graphql::{Error, SimpleObject};
use okaeri_engine::domain::MissingTerm;
use okaeri_engine::ranking::Language;

use crate::graphql::enums::UserErrorCode;
use crate::graphql::error::from_fault;
use crate::usecase::{Failure, Rejection, RejectionCode};

/// What the caller of a mutation got wrong, or what stands in its way. Nothing was written.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// The stable code.
    pub code: UserErrorCode,
    /// In words, in Japanese or English by Accept-Language.
    pub message: String,
    /// The path of the input field that is to blame, from the input's top. Null where none is.
    pub field: Option<Vec<String>>,
}

/// Splits a use case's end into the three things that a payload needs to know.
pub fn outcome<T>(
    result: Result<T, Failure>,
    language: Language,
) -> Result<(Option<T>, Vec<UserError>), Error> {
    match result {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(Failure::Rejected(rejections)) => Ok((
            None,
            rejections
                .into_iter()
                .map(|rejection| user_error(rejection, language))
                .collect(),
        )),
        Err(Failure::Fault(fault)) => Err(from_fault(&fault)),
    }
}

/// A rejection in the reader's language.
pub fn user_error(rejection: Rejection, language: Language) -> UserError {
    let (english, japanese) = rejection.message;
    let message = match language {
        Language::Japanese => japanese,
        Language::English => english,
    };
    let field = (!rejection.field.is_empty()).then_some(rejection.field);
    UserError {
        code: code(rejection.code),
        message,
        field,
    }
}

fn code(code: RejectionCode) -> UserErrorCode {
    match code {
        RejectionCode::NotFound => UserErrorCode::NotFound,
        RejectionCode::Blank => UserErrorCode::Blank,
        RejectionCode::TooLong => UserErrorCode::TooLong,
        RejectionCode::OutOfRange => UserErrorCode::OutOfRange,
        RejectionCode::Invalid => UserErrorCode::Invalid,
        RejectionCode::InvalidState => UserErrorCode::InvalidState,
        RejectionCode::NotOpen => UserErrorCode::NotOpen,
        RejectionCode::NotEligible => UserErrorCode::NotEligible,
        RejectionCode::NotGiven => UserErrorCode::NotGiven,
        RejectionCode::AlreadyAnswered => UserErrorCode::AlreadyAnswered,
        RejectionCode::InvalidLink => UserErrorCode::InvalidLink,
        RejectionCode::KindNotOffered => UserErrorCode::KindNotOffered,
        RejectionCode::TooManyApproaches => UserErrorCode::TooManyApproaches,
        RejectionCode::Taken => UserErrorCode::Taken,
        RejectionCode::IdempotencyKeyReused => UserErrorCode::IdempotencyKeyReused,
        RejectionCode::VersionConflict => UserErrorCode::VersionConflict,
        RejectionCode::MissingTerm(term) => missing(term),
    }
}

fn missing(term: MissingTerm) -> UserErrorCode {
    match term {
        MissingTerm::Duties => UserErrorCode::MissingDuties,
        MissingTerm::DutiesChangeRange => UserErrorCode::MissingDutiesChangeRange,
        MissingTerm::Place => UserErrorCode::MissingPlace,
        MissingTerm::PlaceChangeRange => UserErrorCode::MissingPlaceChangeRange,
        MissingTerm::ContractTerm => UserErrorCode::MissingContractTerm,
        MissingTerm::RenewalLimit => UserErrorCode::MissingRenewalLimit,
        MissingTerm::WorkingHours => UserErrorCode::MissingWorkingHours,
        MissingTerm::Pay => UserErrorCode::MissingPay,
        MissingTerm::FixedOvertime => UserErrorCode::MissingFixedOvertime,
        MissingTerm::Employer => UserErrorCode::MissingEmployer,
        MissingTerm::Parties => UserErrorCode::MissingParties,
        MissingTerm::CommissionedOn => UserErrorCode::MissingCommissionedOn,
        MissingTerm::Scope => UserErrorCode::MissingScope,
        MissingTerm::DeliveredOn => UserErrorCode::MissingDeliveredOn,
        MissingTerm::DeliveryPlace => UserErrorCode::MissingDeliveryPlace,
        MissingTerm::Fee => UserErrorCode::MissingFee,
        MissingTerm::PaymentDueOn => UserErrorCode::MissingPaymentDueOn,
        MissingTerm::PaymentMethod => UserErrorCode::MissingPaymentMethod,
        MissingTerm::PaymentTooLate => UserErrorCode::PaymentTooLate,
        MissingTerm::HeldOn => UserErrorCode::MissingHeldOn,
        MissingTerm::Topics => UserErrorCode::MissingTopics,
    }
}
