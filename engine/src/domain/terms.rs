//! What the law asks of an offer before it may be published.
//!
//! - Roles: 職業安定法 第5条の3 and 施行規則 第4条の2 (working conditions to be made clear when recruiting, with the
//!   range of later change of duties and place and the limit of renewal since 2024-04).
//! - Contract work: 特定受託事業者に係る取引の適正化等に関する法律 (フリーランス法) 第3条 (terms in writing) and
//!   第4条 (payment within 60 days of receipt, the day of receipt counted).

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::coded_enum;
use super::id::AlumnusId;
use super::opportunity::Opportunity;

coded_enum! {
    /// An item that is still missing, or not acceptable, before publication.
    MissingTerm {
        /// The duties.
        Duties = "DUTIES",
        /// How far the duties may change later.
        DutiesChangeRange = "DUTIES_CHANGE_RANGE",
        /// The place of work.
        Place = "PLACE",
        /// How far the place may change later.
        PlaceChangeRange = "PLACE_CHANGE_RANGE",
        /// The contract's term.
        ContractTerm = "CONTRACT_TERM",
        /// The limit of renewal of a fixed-term contract.
        RenewalLimit = "RENEWAL_LIMIT",
        /// Working hours.
        WorkingHours = "WORKING_HOURS",
        /// Pay.
        Pay = "PAY",
        /// Whether pay includes fixed overtime, and how much.
        FixedOvertime = "FIXED_OVERTIME",
        /// The employer's name.
        Employer = "EMPLOYER",
        /// The two parties.
        Parties = "PARTIES",
        /// The day of commission.
        CommissionedOn = "COMMISSIONED_ON",
        /// The scope of the work.
        Scope = "SCOPE",
        /// The day of delivery, or the period.
        DeliveredOn = "DELIVERED_ON",
        /// The place of delivery or work.
        DeliveryPlace = "DELIVERY_PLACE",
        /// The fee.
        Fee = "FEE",
        /// The day of payment.
        PaymentDueOn = "PAYMENT_DUE_ON",
        /// The method of payment.
        PaymentMethod = "PAYMENT_METHOD",
        /// The day of payment lies beyond the law's limit.
        PaymentTooLate = "PAYMENT_TOO_LATE",
        /// The day of a speaker slot.
        HeldOn = "HELD_ON",
        /// The topics of a speaker slot.
        Topics = "TOPICS",
    }
}

/// For how long a role's contract runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ContractTerm {
    /// Without an end (無期).
    Indefinite,
    /// With an end (有期).
    #[serde(rename_all = "camelCase")]
    Fixed {
        /// The last day.
        until: NaiveDate,
        /// Whether and how it is renewed, with the limit (更新上限).
        renewal_limit: Option<String>,
    },
}

/// Terms of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RoleTerms {
    /// Duties (業務内容).
    pub duties: Option<String>,
    /// Range of later change of duties (変更の範囲).
    pub duties_change_range: Option<String>,
    /// Place of work (就業場所).
    pub place: Option<String>,
    /// Range of later change of place.
    pub place_change_range: Option<String>,
    /// Contract term (契約期間).
    pub contract_term: Option<ContractTerm>,
    /// Working hours, breaks, days off (労働時間・休憩・休日).
    pub working_hours: Option<String>,
    /// Pay (賃金).
    pub pay: Option<String>,
    /// Fixed overtime inside pay, or a statement that there is none (固定残業代).
    pub fixed_overtime: Option<String>,
    /// The employer's name (募集者の氏名又は名称).
    pub employer: Option<String>,
}

/// Terms of contract work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContractTerms {
    /// The company's side and the person's, by name or "the person who accepts" (当事者).
    pub parties: Option<String>,
    /// Day of commission (委託した日).
    pub commissioned_on: Option<NaiveDate>,
    /// Scope of the work (給付の内容).
    pub scope: Option<String>,
    /// Day of delivery, or last day of the period of service (受領日・役務提供日).
    pub delivered_on: Option<NaiveDate>,
    /// Place of delivery or service.
    pub place: Option<String>,
    /// Day by which the work is inspected, if it is.
    pub inspection_on: Option<NaiveDate>,
    /// Fee (報酬の額).
    pub fee: Option<String>,
    /// Day of payment (支払期日).
    pub payment_due_on: Option<NaiveDate>,
    /// Method of payment.
    pub payment_method: Option<String>,
    /// Whether payment follows a monthly closing, which makes the limit two months.
    pub monthly_closing: bool,
    /// The one person to whom it is offered; `None`: everybody who may be ranked for it. Nobody else ever sees it, so an
    /// identifier that nobody has any more offers it to nobody.
    pub addressed_to: Option<AlumnusId>,
}

/// Terms of a speaker slot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SlotTerms {
    /// Who listens.
    pub audience: Option<String>,
    /// The day.
    pub held_on: Option<NaiveDate>,
    /// The time of day as written, such as 18:30-20:00.
    pub held_at: Option<String>,
    /// Talk, panel, workshop ...
    pub format: Option<String>,
    /// Honorarium as written.
    pub honorarium: Option<String>,
}

/// Terms by kind; they decide the kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Terms {
    /// A role's.
    Role(RoleTerms),
    /// A speaker slot's.
    SpeakerSlot(SlotTerms),
    /// Contract work's.
    ContractWork(ContractTerms),
}

/// The last day on which contract work received on `delivered_on` may be paid.
///
/// Sixty days with the day of receipt counted, so 59 days later; or two months where payment follows a monthly
/// closing (フリーランス法 第4条第1項 and the ministry's reading of "60 days" as two months for monthly closings).
#[must_use]
pub fn payment_limit(delivered_on: NaiveDate, monthly_closing: bool) -> NaiveDate {
    /// Days after the day of receipt, which is itself the first of the sixty.
    const DAYS_AFTER_RECEIPT: u64 = 59;
    if monthly_closing {
        delivered_on + Months::new(2)
    } else {
        delivered_on + Days::new(DAYS_AFTER_RECEIPT)
    }
}

impl Terms {
    /// What is still missing, in the order of the law.
    pub(super) fn missing(&self, opportunity: &Opportunity) -> Vec<MissingTerm> {
        match self {
            Self::Role(terms) => terms.missing(),
            Self::SpeakerSlot(terms) => terms.missing(opportunity),
            Self::ContractWork(terms) => terms.missing(),
        }
    }
}

fn is_absent(text: Option<&String>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

/// Keeps the terms whose condition says that they are missing.
fn collect(checks: &[(bool, MissingTerm)]) -> Vec<MissingTerm> {
    checks
        .iter()
        .filter(|(is_missing, _)| *is_missing)
        .map(|(_, term)| *term)
        .collect()
}

impl RoleTerms {
    fn missing(&self) -> Vec<MissingTerm> {
        let lacks_renewal_limit = match &self.contract_term {
            Some(ContractTerm::Fixed { renewal_limit, .. }) => is_absent(renewal_limit.as_ref()),
            Some(ContractTerm::Indefinite) | None => false,
        };
        collect(&[
            (is_absent(self.duties.as_ref()), MissingTerm::Duties),
            (
                is_absent(self.duties_change_range.as_ref()),
                MissingTerm::DutiesChangeRange,
            ),
            (is_absent(self.place.as_ref()), MissingTerm::Place),
            (
                is_absent(self.place_change_range.as_ref()),
                MissingTerm::PlaceChangeRange,
            ),
            (self.contract_term.is_none(), MissingTerm::ContractTerm),
            (lacks_renewal_limit, MissingTerm::RenewalLimit),
            (is_absent(self.working_hours.as_ref()), MissingTerm::WorkingHours),
            (is_absent(self.pay.as_ref()), MissingTerm::Pay),
            (
                is_absent(self.fixed_overtime.as_ref()),
                MissingTerm::FixedOvertime,
            ),
            (is_absent(self.employer.as_ref()), MissingTerm::Employer),
        ])
    }
}

impl ContractTerms {
    fn missing(&self) -> Vec<MissingTerm> {
        let is_paid_too_late = match (self.delivered_on, self.payment_due_on) {
            (Some(delivered_on), Some(due_on)) => due_on > payment_limit(delivered_on, self.monthly_closing),
            _ => false,
        };
        collect(&[
            (is_absent(self.parties.as_ref()), MissingTerm::Parties),
            (self.commissioned_on.is_none(), MissingTerm::CommissionedOn),
            (is_absent(self.scope.as_ref()), MissingTerm::Scope),
            (self.delivered_on.is_none(), MissingTerm::DeliveredOn),
            (is_absent(self.place.as_ref()), MissingTerm::DeliveryPlace),
            (is_absent(self.fee.as_ref()), MissingTerm::Fee),
            (self.payment_due_on.is_none(), MissingTerm::PaymentDueOn),
            (
                is_absent(self.payment_method.as_ref()),
                MissingTerm::PaymentMethod,
            ),
            (is_paid_too_late, MissingTerm::PaymentTooLate),
        ])
    }
}

impl SlotTerms {
    fn missing(&self, opportunity: &Opportunity) -> Vec<MissingTerm> {
        collect(&[
            (self.held_on.is_none(), MissingTerm::HeldOn),
            (opportunity.required_skills.is_empty(), MissingTerm::Topics),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payment_is_due_on_the_sixtieth_day_with_the_day_of_receipt_counted() {
        let missing_when_due_on = |due_on: &str| {
            let terms = ContractTerms {
                delivered_on: "2026-11-10".parse().ok(),
                payment_due_on: due_on.parse().ok(),
                ..ContractTerms::default()
            };
            terms.missing().contains(&MissingTerm::PaymentTooLate)
        };
        assert!(!missing_when_due_on("2027-01-08"));
        assert!(missing_when_due_on("2027-01-09"));
    }

    #[test]
    fn each_missing_item_of_a_role_has_its_own_code() {
        let mut terms = RoleTerms::default();
        assert_eq!(terms.missing().len(), 9);
        terms.contract_term = Some(ContractTerm::Fixed {
            until: NaiveDate::MAX,
            renewal_limit: None,
        });
        assert!(terms.missing().contains(&MissingTerm::RenewalLimit));
        terms.contract_term = Some(ContractTerm::Indefinite);
        assert!(!terms.missing().contains(&MissingTerm::RenewalLimit));
    }
}
