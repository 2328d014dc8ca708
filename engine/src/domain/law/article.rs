//! The article behind each finding, and what it says, in Japanese and English.

use super::{LegalCode, LegalFinding, WordingRule};
use crate::domain::terms::MissingTerm;

/// Where a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Article {
    /// As Japanese lawyers cite it.
    pub japanese: &'static str,
    /// The same in English.
    pub english: &'static str,
}

const EMPLOYMENT_SECURITY: Article = Article {
    japanese: "職業安定法第5条の3、同施行規則第4条の2",
    english: "Employment Security Act, article 5-3; Ordinance for its Enforcement, article 4-2",
};
const FIXED_OVERTIME: Article = Article {
    japanese: "職業安定法第5条の3、平成11年労働省告示第141号",
    english: "Employment Security Act, article 5-3; Notice of the Ministry of Labour 141 of 1999",
};
const FREELANCE_TERMS: Article = Article {
    japanese: "フリーランス法第3条",
    english: "Act on Freelancers, article 3",
};
const FREELANCE_PAYMENT: Article = Article {
    japanese: "フリーランス法第4条",
    english: "Act on Freelancers, article 4",
};
const AGE: Article = Article {
    japanese: "労働施策総合推進法第9条、同施行規則第1条の3",
    english: "Act on Comprehensive Promotion of Labor Policies, article 9; Ordinance for its Enforcement, article 1-3",
};
const AGE_REASON: Article = Article {
    japanese: "高年齢者雇用安定法第20条",
    english: "Act on Stabilization of Employment of Elderly Persons, article 20",
};
const SEX: Article = Article {
    japanese: "男女雇用機会均等法第5条",
    english: "Equal Employment Opportunity Act, article 5",
};
const INDIRECT: Article = Article {
    japanese: "男女雇用機会均等法第7条、同施行規則第2条",
    english: "Equal Employment Opportunity Act, article 7; Ordinance for its Enforcement, article 2",
};
const DISGUISED: Article = Article {
    japanese: "昭和61年労働省告示第37号（偽装請負の区分基準）",
    english: "Notice of the Ministry of Labour 37 of 1986, on telling contract work from supplied labour",
};

/// The article behind a code; `None` for what speakers ask and no law does.
#[must_use]
pub const fn article_of(code: LegalCode) -> Option<Article> {
    match code {
        LegalCode::Term(term) => match term {
            MissingTerm::Duties
            | MissingTerm::DutiesChangeRange
            | MissingTerm::Place
            | MissingTerm::PlaceChangeRange
            | MissingTerm::ContractTerm
            | MissingTerm::RenewalLimit
            | MissingTerm::WorkingHours
            | MissingTerm::Pay
            | MissingTerm::TrialPeriod
            | MissingTerm::SocialInsurance
            | MissingTerm::SmokingMeasures
            | MissingTerm::Employer => Some(EMPLOYMENT_SECURITY),
            MissingTerm::FixedOvertime
            | MissingTerm::FixedOvertimeAmount
            | MissingTerm::FixedOvertimeHours
            | MissingTerm::FixedOvertimeExcess => Some(FIXED_OVERTIME),
            MissingTerm::Parties
            | MissingTerm::CommissionedOn
            | MissingTerm::Scope
            | MissingTerm::DeliveredOn
            | MissingTerm::DeliveryPlace
            | MissingTerm::InspectionOn
            | MissingTerm::Fee
            | MissingTerm::PaymentDueOn
            | MissingTerm::PaymentMethod => Some(FREELANCE_TERMS),
            MissingTerm::ClosingDay
            | MissingTerm::PaymentDay
            | MissingTerm::PrimeContractor
            | MissingTerm::PrimePaymentDueOn
            | MissingTerm::PaymentTooLate
            | MissingTerm::PaymentAfterClosing => Some(FREELANCE_PAYMENT),
            MissingTerm::HeldOn | MissingTerm::Topics => None,
        },
        LegalCode::Wording(rule) => Some(match rule {
            WordingRule::Age | WordingRule::AgeSuggested | WordingRule::AgeExceptionTerm => AGE,
            WordingRule::AgeExceptionReason => AGE_REASON,
            WordingRule::Sex | WordingRule::SexSuggested => SEX,
            WordingRule::PhysicalRequirement | WordingRule::RelocationRequirement => INDIRECT,
            WordingRule::DisguisedDirection
            | WordingRule::DisguisedWorkingHours
            | WordingRule::DisguisedAttendance
            | WordingRule::DisguisedOvertime
            | WordingRule::DisguisedExclusivity => DISGUISED,
        }),
    }
}

/// The input field that a term is stated in, a dotted path.
#[must_use]
pub const fn field_of(term: MissingTerm) -> &'static str {
    named(term).0
}

/// The field of a term, and its name in English and in Japanese.
const fn named(term: MissingTerm) -> (&'static str, &'static str, &'static str) {
    match term {
        MissingTerm::Duties => ("duties", "the duties", "業務内容"),
        MissingTerm::DutiesChangeRange => (
            "dutiesChangeRange",
            "the range of later change of the duties",
            "業務の変更の範囲",
        ),
        MissingTerm::Place => ("place", "the place of work", "就業場所"),
        MissingTerm::PlaceChangeRange => (
            "placeChangeRange",
            "the range of later change of the place",
            "就業場所の変更の範囲",
        ),
        MissingTerm::ContractTerm => ("contractTerm", "the contract's term", "契約期間"),
        MissingTerm::RenewalLimit => ("contractTerm.renewalLimit", "the limit of renewal", "更新上限"),
        MissingTerm::WorkingHours => (
            "workingHours",
            "the working hours, overtime, breaks and days off",
            "始業・終業時刻、時間外労働、休憩および休日",
        ),
        MissingTerm::Pay => ("pay", "the pay", "賃金"),
        MissingTerm::FixedOvertime => (
            "fixedOvertime",
            "whether the pay holds fixed overtime",
            "固定残業代の有無",
        ),
        MissingTerm::FixedOvertimeAmount => (
            "fixedOvertimeYen",
            "the amount of the fixed overtime",
            "固定残業代の額",
        ),
        MissingTerm::FixedOvertimeHours => (
            "fixedOvertimeHours",
            "the hours that the fixed overtime covers",
            "固定残業代に対応する時間数",
        ),
        MissingTerm::FixedOvertimeExcess => (
            "isExcessOvertimePaid",
            "that overtime beyond those hours is paid in addition",
            "固定残業時間を超える分を追加で支給する旨",
        ),
        MissingTerm::TrialPeriod => (
            "trialPeriod",
            "the trial period, or that there is none",
            "試用期間の有無と条件",
        ),
        MissingTerm::SocialInsurance => (
            "socialInsurance",
            "which social insurances apply",
            "社会保険・労働保険の適用",
        ),
        MissingTerm::SmokingMeasures => (
            "smokingMeasures",
            "the measures against passive smoking",
            "受動喫煙を防止するための措置",
        ),
        MissingTerm::Employer => ("employer", "the employer's name", "募集者の名称"),
        MissingTerm::Parties => ("parties", "the parties", "当事者"),
        MissingTerm::CommissionedOn => ("commissionedOn", "the day of commission", "委託日"),
        MissingTerm::Scope => ("scope", "the scope of the work", "給付の内容"),
        MissingTerm::DeliveredOn => ("deliveredOn", "the day of delivery", "受領日・役務提供日"),
        MissingTerm::DeliveryPlace => ("place", "the place of delivery", "受領・役務提供の場所"),
        MissingTerm::InspectionOn => (
            "inspectionOn",
            "the day by which the work is inspected",
            "検査を完了する期日",
        ),
        MissingTerm::Fee => ("fee", "the fee", "報酬の額"),
        MissingTerm::PaymentDueOn => ("paymentDueOn", "the day of payment", "支払期日"),
        MissingTerm::PaymentMethod => ("paymentMethod", "the method of payment", "支払方法"),
        MissingTerm::ClosingDay => ("closingDay", "the monthly closing day", "締切日"),
        MissingTerm::PaymentDay => (
            "paymentDay",
            "the day of the month on which a closed month is paid",
            "締切後の支払日",
        ),
        MissingTerm::PrimeContractor => ("primeContractor", "the prime contractor", "元委託者の名称"),
        MissingTerm::PrimePaymentDueOn => (
            "primePaymentDueOn",
            "the day on which the prime contractor pays",
            "元委託業務の対価の支払期日",
        ),
        MissingTerm::PaymentTooLate | MissingTerm::PaymentAfterClosing => {
            ("paymentDueOn", "the day of payment", "支払期日")
        }
        MissingTerm::HeldOn => ("heldOn", "the day", "開催日"),
        MissingTerm::Topics => ("requiredSkills", "the topics", "テーマ"),
    }
}

impl LegalFinding {
    /// The article behind it; `None` where no law asks.
    #[must_use]
    pub const fn article(&self) -> Option<Article> {
        article_of(self.code)
    }

    /// What it says, in English, then in Japanese, with the article.
    #[must_use]
    pub fn message(&self) -> (String, String) {
        let (english, japanese) = match self.code {
            LegalCode::Term(term) => of_term(term),
            LegalCode::Wording(rule) => of_wording(rule, &self.phrase),
        };
        match self.article() {
            Some(article) => (
                format!("{english} ({})", article.english),
                format!("{japanese}（{}）", article.japanese),
            ),
            None => (english, japanese),
        }
    }
}

fn of_term(term: MissingTerm) -> (String, String) {
    match term {
        MissingTerm::PaymentTooLate => (
            "payment must fall within 60 days of receipt, the day of receipt counted; within two months with a monthly \
             closing; within 30 days of the prime contractor's payment where the work is commissioned on"
                .to_owned(),
            "支払期日は受領日を含めて60日以内（月単位の締切では2か月以内、再委託では元委託支払期日を含めて30日以内）でなければなりません"
                .to_owned(),
        ),
        MissingTerm::PaymentAfterClosing => (
            "the day of payment lies behind the one that the closing day and the day of payment give".to_owned(),
            "支払期日が、締切日と締切後の支払日から定まる日より後です".to_owned(),
        ),
        MissingTerm::Duties
        | MissingTerm::DutiesChangeRange
        | MissingTerm::Place
        | MissingTerm::PlaceChangeRange
        | MissingTerm::ContractTerm
        | MissingTerm::RenewalLimit
        | MissingTerm::WorkingHours
        | MissingTerm::Pay
        | MissingTerm::FixedOvertime
        | MissingTerm::FixedOvertimeAmount
        | MissingTerm::FixedOvertimeHours
        | MissingTerm::FixedOvertimeExcess
        | MissingTerm::TrialPeriod
        | MissingTerm::SocialInsurance
        | MissingTerm::SmokingMeasures
        | MissingTerm::Employer
        | MissingTerm::Parties
        | MissingTerm::CommissionedOn
        | MissingTerm::Scope
        | MissingTerm::DeliveredOn
        | MissingTerm::DeliveryPlace
        | MissingTerm::InspectionOn
        | MissingTerm::Fee
        | MissingTerm::PaymentDueOn
        | MissingTerm::PaymentMethod
        | MissingTerm::ClosingDay
        | MissingTerm::PaymentDay
        | MissingTerm::PrimeContractor
        | MissingTerm::PrimePaymentDueOn
        | MissingTerm::HeldOn
        | MissingTerm::Topics => {
            let (_, english, japanese) = named(term);
            (
                format!("{english} must be stated before publication"),
                format!("公開する前に{japanese}を明示してください"),
            )
        }
    }
}

fn of_wording(rule: WordingRule, phrase: &str) -> (String, String) {
    let english = match rule {
        WordingRule::Age => {
            "names an age: an offer of employment may do so only with one of the exceptions, recorded with its reason"
        }
        WordingRule::AgeSuggested => "suggests that an age is preferred",
        WordingRule::AgeExceptionReason => "an exception on ages has to show its reason",
        WordingRule::AgeExceptionTerm => "this exception on ages holds only for a contract without an end",
        WordingRule::Sex => {
            "names a sex: an offer of employment may do so only with one of the exceptions, recorded"
        }
        WordingRule::SexSuggested => "suggests that a sex is preferred",
        WordingRule::PhysicalRequirement => {
            "asks for height, weight or strength: that needs a recorded reason that lies in the job"
        }
        WordingRule::RelocationRequirement => {
            "asks for readiness to move house: that needs a recorded reason that lies in the job"
        }
        WordingRule::DisguisedDirection => "reads like orders, which contract work does not take",
        WordingRule::DisguisedWorkingHours => "sets working hours, which contract work does not have",
        WordingRule::DisguisedAttendance => "asks for attendance, as an employer does",
        WordingRule::DisguisedOvertime => "speaks of overtime, which contract work does not have",
        WordingRule::DisguisedExclusivity => "forbids work for others, as an employer does",
    };
    let japanese = match rule {
        WordingRule::Age => {
            "年齢による条件や優遇の表現です。例外事由とその理由を記録しない限り、募集に使えません"
        }
        WordingRule::AgeSuggested => "特定の年齢層を望むと受け取られる表現です",
        WordingRule::AgeExceptionReason => "年齢制限の例外を用いるときは、その理由を示してください",
        WordingRule::AgeExceptionTerm => "この例外事由は、期間の定めのない労働契約の募集に限られます",
        WordingRule::Sex => {
            "性別による条件や優遇、または一方の性別の職種名です。適用除外の事由を記録しない限り、募集に使えません"
        }
        WordingRule::SexSuggested => "一方の性別を望むと受け取られる表現です",
        WordingRule::PhysicalRequirement => {
            "身長・体重・体力の要件には、業務上の合理的な理由の記録が必要です"
        }
        WordingRule::RelocationRequirement => {
            "転居を伴う配置転換の要件には、業務上の合理的な理由の記録が必要です"
        }
        WordingRule::DisguisedDirection => "業務委託では指揮命令ができません。偽装請負と受け取られる表現です",
        WordingRule::DisguisedWorkingHours => {
            "業務委託では勤務時間を指定できません。偽装請負と受け取られる表現です"
        }
        WordingRule::DisguisedAttendance => "常駐や出勤の指定は、偽装請負と受け取られる表現です",
        WordingRule::DisguisedOvertime => "業務委託に残業はありません。偽装請負と受け取られる表現です",
        WordingRule::DisguisedExclusivity => "専属や兼業の禁止は、偽装請負と受け取られる表現です",
    };
    if phrase.is_empty() {
        return (english.to_owned(), japanese.to_owned());
    }
    (
        format!("\"{phrase}\" {english}"),
        format!("「{phrase}」は、{japanese}"),
    )
}
