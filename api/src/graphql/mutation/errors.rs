//! What the caller of a mutation got wrong, as data.

use async_graphql::{Error, SimpleObject};
use okaeri_engine::domain::{self, LegalCode, MissingTerm, WordingRule};
use okaeri_engine::ranking::Language;

use crate::graphql::enums::UserErrorCode;
use crate::graphql::error::from_fault;
use crate::graphql::types::law::LegalFinding;
use crate::graphql::types::matching::TextRange;
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
        RejectionCode::ConsentTextOutdated => UserErrorCode::ConsentTextOutdated,
        RejectionCode::AlreadyAnswered => UserErrorCode::AlreadyAnswered,
        RejectionCode::InvalidLink => UserErrorCode::InvalidLink,
        RejectionCode::KindNotOffered => UserErrorCode::KindNotOffered,
        RejectionCode::TooManyApproaches => UserErrorCode::TooManyApproaches,
        RejectionCode::Taken => UserErrorCode::Taken,
        RejectionCode::IdempotencyKeyReused => UserErrorCode::IdempotencyKeyReused,
        RejectionCode::VersionConflict => UserErrorCode::VersionConflict,
        RejectionCode::NoSeatLeft => UserErrorCode::NoSeatLeft,
        RejectionCode::Law(found) => legal(found),
    }
}

/// Findings in the reader's language.
pub fn legal_findings(
    findings: impl Iterator<Item = domain::LegalFinding>,
    language: Language,
) -> Vec<LegalFinding> {
    let find = |finding: domain::LegalFinding| {
        let (english, japanese) = finding.message();
        let article = finding.article();
        let (message, article) = match language {
            Language::Japanese => (japanese, article.map(|article| article.japanese)),
            Language::English => (english, article.map(|article| article.english)),
        };
        LegalFinding {
            code: legal(finding.code),
            severity: finding.severity.into(),
            article: article.map(str::to_owned),
            message,
            field: finding.field.split('.').map(str::to_owned).collect(),
            range: finding.range.as_ref().map(TextRange::from),
        }
    };
    findings.map(find).collect()
}

/// The code of a finding.
fn legal(code: LegalCode) -> UserErrorCode {
    match code {
        LegalCode::Term(term) => missing(term),
        LegalCode::Wording(rule) => worded(rule),
    }
}

fn worded(rule: WordingRule) -> UserErrorCode {
    match rule {
        WordingRule::Age => UserErrorCode::AgeWording,
        WordingRule::AgeSuggested => UserErrorCode::AgeSuggested,
        WordingRule::AgeExceptionReason => UserErrorCode::AgeExceptionReason,
        WordingRule::AgeExceptionTerm => UserErrorCode::AgeExceptionTerm,
        WordingRule::Sex => UserErrorCode::SexWording,
        WordingRule::SexSuggested => UserErrorCode::SexSuggested,
        WordingRule::PhysicalRequirement => UserErrorCode::PhysicalRequirement,
        WordingRule::RelocationRequirement => UserErrorCode::RelocationRequirement,
        WordingRule::DisguisedDirection => UserErrorCode::DisguisedDirection,
        WordingRule::DisguisedWorkingHours => UserErrorCode::DisguisedWorkingHours,
        WordingRule::DisguisedAttendance => UserErrorCode::DisguisedAttendance,
        WordingRule::DisguisedOvertime => UserErrorCode::DisguisedOvertime,
        WordingRule::DisguisedExclusivity => UserErrorCode::DisguisedExclusivity,
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
        MissingTerm::FixedOvertimeAmount => UserErrorCode::MissingFixedOvertimeAmount,
        MissingTerm::FixedOvertimeHours => UserErrorCode::MissingFixedOvertimeHours,
        MissingTerm::FixedOvertimeExcess => UserErrorCode::MissingFixedOvertimeExcess,
        MissingTerm::TrialPeriod => UserErrorCode::MissingTrialPeriod,
        MissingTerm::SocialInsurance => UserErrorCode::MissingSocialInsurance,
        MissingTerm::SmokingMeasures => UserErrorCode::MissingSmokingMeasures,
        MissingTerm::Employer => UserErrorCode::MissingEmployer,
        MissingTerm::Parties => UserErrorCode::MissingParties,
        MissingTerm::CommissionedOn => UserErrorCode::MissingCommissionedOn,
        MissingTerm::Scope => UserErrorCode::MissingScope,
        MissingTerm::DeliveredOn => UserErrorCode::MissingDeliveredOn,
        MissingTerm::DeliveryPlace => UserErrorCode::MissingDeliveryPlace,
        MissingTerm::InspectionOn => UserErrorCode::MissingInspectionOn,
        MissingTerm::Fee => UserErrorCode::MissingFee,
        MissingTerm::PaymentDueOn => UserErrorCode::MissingPaymentDueOn,
        MissingTerm::PaymentMethod => UserErrorCode::MissingPaymentMethod,
        MissingTerm::ClosingDay => UserErrorCode::MissingClosingDay,
        MissingTerm::PaymentDay => UserErrorCode::MissingPaymentDay,
        MissingTerm::PrimeContractor => UserErrorCode::MissingPrimeContractor,
        MissingTerm::PrimePaymentDueOn => UserErrorCode::MissingPrimePaymentDueOn,
        MissingTerm::PaymentAfterClosing => UserErrorCode::PaymentAfterClosing,
        MissingTerm::PaymentTooLate => UserErrorCode::PaymentTooLate,
        MissingTerm::HeldOn => UserErrorCode::MissingHeldOn,
        MissingTerm::Topics => UserErrorCode::MissingTopics,
    }
}
