//! What an offer has to state, by kind, and what of it is still missing.
//!
//! - Which article asks for which item, and what the rules on payment are, stands in [`super::law`].
//! - A term is what the company states. Nothing here makes one up, and nothing reads one out of free text.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::coded_enum;
use super::id::AlumnusId;
use super::law::payment::{self, MonthlyClosing, PrimeContract};
use super::law::{AgeException, SexException};
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
        /// Whether pay includes fixed overtime.
        FixedOvertime = "FIXED_OVERTIME",
        /// How much of the pay is fixed overtime.
        FixedOvertimeAmount = "FIXED_OVERTIME_AMOUNT",
        /// How many hours the fixed overtime covers.
        FixedOvertimeHours = "FIXED_OVERTIME_HOURS",
        /// That overtime beyond those hours is paid in addition.
        FixedOvertimeExcess = "FIXED_OVERTIME_EXCESS",
        /// The trial period, or that there is none.
        TrialPeriod = "TRIAL_PERIOD",
        /// Which social insurances apply.
        SocialInsurance = "SOCIAL_INSURANCE",
        /// What is done against passive smoking at the place of work.
        SmokingMeasures = "SMOKING_MEASURES",
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
        /// The day by which the work is inspected, where it is.
        InspectionOn = "INSPECTION_ON",
        /// The fee.
        Fee = "FEE",
        /// The day of payment.
        PaymentDueOn = "PAYMENT_DUE_ON",
        /// The method of payment.
        PaymentMethod = "PAYMENT_METHOD",
        /// The closing day, where payment follows a monthly closing.
        ClosingDay = "CLOSING_DAY",
        /// The day of the month on which a closed month is paid.
        PaymentDay = "PAYMENT_DAY",
        /// The prime contractor's name, where the work is commissioned on.
        PrimeContractor = "PRIME_CONTRACTOR",
        /// The day on which the prime contractor has to pay, where the work is commissioned on.
        PrimePaymentDueOn = "PRIME_PAYMENT_DUE_ON",
        /// The day of payment lies beyond the law's limit.
        PaymentTooLate = "PAYMENT_TOO_LATE",
        /// The day of payment lies behind the one that the monthly closing gives.
        PaymentAfterClosing = "PAYMENT_AFTER_CLOSING",
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

coded_enum! {
    /// Who employs the person that takes a role.
    EmploymentForm {
        /// The company.
        Direct = "DIRECT",
        /// An agency, which sends the person to the company (派遣).
        TemporaryAgency = "TEMPORARY_AGENCY",
    }
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
    /// Yen of fixed overtime inside the monthly pay.
    pub fixed_overtime_yen: Option<u32>,
    /// Hours a month that the fixed overtime covers.
    pub fixed_overtime_hours: Option<u16>,
    /// Whether overtime beyond those hours is paid in addition.
    pub is_excess_overtime_paid: bool,
    /// Trial period with its terms, or a statement that there is none (試用期間).
    pub trial_period: Option<String>,
    /// Which of health, pension, accident and employment insurance apply (社会・労働保険の適用).
    pub social_insurance: Option<String>,
    /// Measures against passive smoking (受動喫煙を防止するための措置).
    pub smoking_measures: Option<String>,
    /// The employer's name (募集者の氏名又は名称).
    pub employer: Option<String>,
    /// Who employs the person.
    pub employment_form: EmploymentForm,
    /// Temporary-agency work that the company keeps for people whom the law excepts from the year's wait: retired by
    /// a mandatory age of 60 or more. Recorded by the company; nothing is asked of a person's age.
    pub is_for_mandatory_retirees: bool,
    /// Why an age may be named at all.
    pub age_exception: Option<AgeException>,
    /// The reason that has to be shown with it.
    pub age_exception_reason: Option<String>,
    /// Why a sex may be named at all.
    pub sex_exception: Option<SexException>,
    /// Why the job needs height, weight or strength.
    pub physical_requirement_reason: Option<String>,
    /// Why the job needs somebody who moves house.
    pub relocation_requirement_reason: Option<String>,
}

impl Default for EmploymentForm {
    /// What a role of the company's own is.
    fn default() -> Self {
        Self::Direct
    }
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
    /// First day of the period of service; `None` where one day is the day of delivery.
    pub service_from: Option<NaiveDate>,
    /// Day of delivery, or last day of the period of service (受領日・役務提供日).
    pub delivered_on: Option<NaiveDate>,
    /// Place of delivery or service.
    pub place: Option<String>,
    /// Whether the work is inspected.
    pub is_inspected: bool,
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
    /// Last day of the month that a closing counts, 1 to 31; one that a month does not have is its last.
    pub closing_day: Option<u8>,
    /// Day of the month on which a closed month is paid, 1 to 31, likewise.
    pub payment_day: Option<u8>,
    /// Months from the closing to the payment, 0 to 2; `None`: the next month.
    pub payment_months_after: Option<u8>,
    /// Whether the company commissions on what it was commissioned with itself (再委託).
    pub is_subcontracted: bool,
    /// Who commissioned the company (元委託者).
    pub prime_contractor: Option<String>,
    /// Day on which that party has to pay the company (元委託支払期日).
    pub prime_payment_due_on: Option<NaiveDate>,
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
        let has_fixed_overtime = self
            .fixed_overtime
            .as_ref()
            .is_some_and(|statement| !statement.trim().is_empty() && !denies_fixed_overtime(statement));
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
            (
                has_fixed_overtime && self.fixed_overtime_yen.is_none(),
                MissingTerm::FixedOvertimeAmount,
            ),
            (
                has_fixed_overtime && self.fixed_overtime_hours.is_none(),
                MissingTerm::FixedOvertimeHours,
            ),
            (
                has_fixed_overtime && !self.is_excess_overtime_paid,
                MissingTerm::FixedOvertimeExcess,
            ),
            (is_absent(self.trial_period.as_ref()), MissingTerm::TrialPeriod),
            (
                is_absent(self.social_insurance.as_ref()),
                MissingTerm::SocialInsurance,
            ),
            (
                is_absent(self.smoking_measures.as_ref()),
                MissingTerm::SmokingMeasures,
            ),
            (is_absent(self.employer.as_ref()), MissingTerm::Employer),
        ])
    }
}

/// Whether a statement says that the pay holds no fixed overtime: only such a statement stands by itself. One with a
/// number, or that speaks of what is included or exceeded, says that there is some.
fn denies_fixed_overtime(statement: &str) -> bool {
    /// How people deny it; chosen by hand from job advertisements.
    const DENIALS: &[&str] = &[
        "なし",
        "無し",
        "無",
        "ない",
        "含みません",
        "ありません",
        "none",
        "not included",
    ];
    const ADMISSIONS: &[&str] = &["含む", "含んで", "含みます", "超過", "超え", "あり、", "有り"];
    let statement = statement
        .trim()
        .trim_end_matches(['。', '.', ')', '）'])
        .to_lowercase();
    let is_denied = statement == "no" || DENIALS.iter().any(|denial| statement.ends_with(denial));
    let is_admitted = statement.chars().any(char::is_numeric)
        || ADMISSIONS.iter().any(|admission| statement.contains(admission));
    is_denied && !is_admitted
}

impl ContractTerms {
    fn missing(&self) -> Vec<MissingTerm> {
        let due_by = |limit: Option<NaiveDate>| match (limit, self.payment_due_on) {
            (Some(limit), Some(due_on)) => due_on > limit,
            (None, _) | (_, None) => false,
        };
        collect(&[
            (is_absent(self.parties.as_ref()), MissingTerm::Parties),
            (self.commissioned_on.is_none(), MissingTerm::CommissionedOn),
            (is_absent(self.scope.as_ref()), MissingTerm::Scope),
            (self.delivered_on.is_none(), MissingTerm::DeliveredOn),
            (is_absent(self.place.as_ref()), MissingTerm::DeliveryPlace),
            (
                self.is_inspected && self.inspection_on.is_none(),
                MissingTerm::InspectionOn,
            ),
            (is_absent(self.fee.as_ref()), MissingTerm::Fee),
            (self.payment_due_on.is_none(), MissingTerm::PaymentDueOn),
            (
                is_absent(self.payment_method.as_ref()),
                MissingTerm::PaymentMethod,
            ),
            (
                self.monthly_closing && self.closing_day.is_none(),
                MissingTerm::ClosingDay,
            ),
            (
                self.monthly_closing && self.payment_day.is_none(),
                MissingTerm::PaymentDay,
            ),
            (
                self.is_subcontracted && is_absent(self.prime_contractor.as_ref()),
                MissingTerm::PrimeContractor,
            ),
            (
                self.is_subcontracted && self.prime_payment_due_on.is_none(),
                MissingTerm::PrimePaymentDueOn,
            ),
            (due_by(self.payment_limit()), MissingTerm::PaymentTooLate),
            (
                due_by(
                    self.closing()
                        .zip(self.delivered_on)
                        .map(|(closing, on)| closing.pays_on(on)),
                ),
                MissingTerm::PaymentAfterClosing,
            ),
        ])
    }

    /// The last day on which the work may be paid; `None` while it is not known.
    #[must_use]
    pub fn payment_limit(&self) -> Option<NaiveDate> {
        if self.is_subcontracted {
            let prime = PrimeContract {
                payment_due_on: self.prime_payment_due_on?,
            };
            return Some(prime.payment_limit());
        }
        let delivered_on = self.delivered_on?;
        Some(if self.monthly_closing {
            payment::limit_with_monthly_closing(delivered_on)
        } else {
            payment::limit(delivered_on)
        })
    }

    fn closing(&self) -> Option<MonthlyClosing> {
        let closing = MonthlyClosing {
            closing_day: self.closing_day?,
            payment_day: self.payment_day?,
            months_after: self.payment_months_after.unwrap_or(1),
        };
        self.monthly_closing.then_some(closing)
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
    fn each_missing_item_of_a_role_has_its_own_code() {
        let mut terms = RoleTerms::default();
        assert_eq!(terms.missing().len(), 12);
        terms.contract_term = Some(ContractTerm::Fixed {
            until: NaiveDate::MAX,
            renewal_limit: None,
        });
        assert!(terms.missing().contains(&MissingTerm::RenewalLimit));
        terms.contract_term = Some(ContractTerm::Indefinite);
        assert!(!terms.missing().contains(&MissingTerm::RenewalLimit));
    }

    #[test]
    fn fixed_overtime_needs_its_amount_its_hours_and_that_excess_is_paid() {
        let parts = [
            MissingTerm::FixedOvertimeAmount,
            MissingTerm::FixedOvertimeHours,
            MissingTerm::FixedOvertimeExcess,
        ];
        let missing = |statement: &str| {
            let terms = RoleTerms {
                fixed_overtime: Some(statement.to_owned()),
                ..RoleTerms::default()
            };
            let missing = terms.missing();
            parts.into_iter().filter(|part| missing.contains(part)).count()
        };
        for none in [
            "なし",
            "固定残業代はありません。",
            "None",
            "無し",
            "みなし残業代は含まない",
        ] {
            assert_eq!(missing(none), 0, "{none}");
        }
        for some in [
            "あり",
            "月給に含む",
            "30時間分を含む",
            "45時間分7万円。超過分なし",
            "included",
        ] {
            assert_eq!(missing(some), 3, "{some}");
        }
        let stated = RoleTerms {
            fixed_overtime: Some("月30時間分を含む".to_owned()),
            fixed_overtime_yen: Some(70_000),
            fixed_overtime_hours: Some(30),
            is_excess_overtime_paid: true,
            ..RoleTerms::default()
        };
        assert!(parts.iter().all(|part| !stated.missing().contains(part)));
    }

    #[test]
    fn a_monthly_closing_and_a_subcontract_bring_terms_of_their_own() {
        let bare = ContractTerms::default().missing();
        let more = ContractTerms {
            is_inspected: true,
            monthly_closing: true,
            is_subcontracted: true,
            ..ContractTerms::default()
        };
        let added: Vec<MissingTerm> = more
            .missing()
            .into_iter()
            .filter(|term| !bare.contains(term))
            .collect();
        assert_eq!(
            added,
            [
                MissingTerm::InspectionOn,
                MissingTerm::ClosingDay,
                MissingTerm::PaymentDay,
                MissingTerm::PrimeContractor,
                MissingTerm::PrimePaymentDueOn,
            ]
        );
    }
}
