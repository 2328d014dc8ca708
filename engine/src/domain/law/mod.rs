//! What the law refuses in an offer, and what it frowns on: the rules as data, each with its article.
//!
//! - A finding says where: the field, and the phrase in it. It never changes a text.
//! - Only what is written is judged. Nothing here guesses what somebody meant, and nobody's age or sex is asked.
//! - What names an age or a sex is no requirement: [`without_personal_wording`] takes it out of what ranking reads,
//!   whether the law excepts it or not.
//!
//! How text about applicants is told from text about customers or products stands in `aim`.

mod age;
pub mod agency;
mod aim;
mod article;
mod disguised;
mod english;
mod indirect;
pub mod payment;
mod plain;
mod sex;
mod wording;

use std::ops::Range;

use super::coded_enum;
use super::opportunity::Opportunity;
use super::terms::{ContractTerm, ContractTerms, MissingTerm, RoleTerms, Terms};

pub use article::{Article, article_of, field_of};
pub use wording::{Found, find, without_personal_wording};

coded_enum! {
    /// What a finding does.
    LegalSeverity {
        /// The offer cannot be published as it is.
        Refusal = "REFUSAL",
        /// It can; somebody should look at the wording.
        Warning = "WARNING",
    }
}

coded_enum! {
    /// A rule on how an offer is worded.
    WordingRule {
        /// Names an age as a condition or a preference.
        Age = "AGE_WORDING",
        /// Suggests that an age is preferred.
        AgeSuggested = "AGE_SUGGESTED",
        /// Uses an exception to the rule on ages without showing the reason.
        AgeExceptionReason = "AGE_EXCEPTION_REASON",
        /// Uses an exception that holds for contracts without an end only.
        AgeExceptionTerm = "AGE_EXCEPTION_TERM",
        /// Names a sex as a condition or a preference, or the work by a word for one sex.
        Sex = "SEX_WORDING",
        /// Suggests that a sex is preferred.
        SexSuggested = "SEX_SUGGESTED",
        /// Asks for height, weight or strength without a reason that lies in the job.
        PhysicalRequirement = "PHYSICAL_REQUIREMENT",
        /// Asks for readiness to move house without a reason that lies in the job.
        RelocationRequirement = "RELOCATION_REQUIREMENT",
        /// Contract work that is done under somebody's orders.
        DisguisedDirection = "DISGUISED_DIRECTION",
        /// Contract work with set working hours.
        DisguisedWorkingHours = "DISGUISED_WORKING_HOURS",
        /// Contract work that asks for attendance.
        DisguisedAttendance = "DISGUISED_ATTENDANCE",
        /// Contract work that speaks of overtime.
        DisguisedOvertime = "DISGUISED_OVERTIME",
        /// Contract work that forbids working for others.
        DisguisedExclusivity = "DISGUISED_EXCLUSIVITY",
    }
}

impl WordingRule {
    /// What breaking it does.
    #[must_use]
    pub const fn severity(self) -> LegalSeverity {
        match self {
            Self::Age
            | Self::AgeExceptionReason
            | Self::AgeExceptionTerm
            | Self::Sex
            | Self::PhysicalRequirement
            | Self::RelocationRequirement => LegalSeverity::Refusal,
            Self::AgeSuggested
            | Self::SexSuggested
            | Self::DisguisedDirection
            | Self::DisguisedWorkingHours
            | Self::DisguisedAttendance
            | Self::DisguisedOvertime
            | Self::DisguisedExclusivity => LegalSeverity::Warning,
        }
    }
}

coded_enum! {
    /// Why a role may name an age: 労働施策総合推進法 第9条, 施行規則 第1条の3 第1項.
    AgeException {
        /// 1号: below the mandatory age of retirement, for a contract without an end.
        RetirementAge = "RETIREMENT_AGE",
        /// 2号: a law or ordinance sets an age for the work.
        StatutoryAge = "STATUTORY_AGE",
        /// 3号イ: young people, for a long career, a contract without an end and no experience asked.
        CareerFormation = "CAREER_FORMATION",
        /// 3号ロ: an age group that a job has few of, to hand on its skills; a contract without an end.
        SkillSuccession = "SKILL_SUCCESSION",
        /// 3号ハ: what a part in art or entertainment has to look like.
        ArtisticExpression = "ARTISTIC_EXPRESSION",
        /// 3号ニ: people of 60 and more, or an age group that a state measure promotes.
        PromotedGroup = "PROMOTED_GROUP",
    }
}

impl AgeException {
    /// Whether it holds for contracts without an end only.
    const fn needs_contract_without_end(self) -> bool {
        match self {
            Self::RetirementAge | Self::CareerFormation | Self::SkillSuccession => true,
            Self::StatutoryAge | Self::ArtisticExpression | Self::PromotedGroup => false,
        }
    }
}

coded_enum! {
    /// Why a role may name a sex: 男女雇用機会均等法 第8条, and the ministry's notes on 第5条 (平成18年厚生労働省告示第614号).
    SexException {
        /// What a part in art or entertainment has to look like.
        ArtisticExpression = "ARTISTIC_EXPRESSION",
        /// Guarding that needs one sex against crime.
        Security = "SECURITY",
        /// Religion, decency or the nature of a sport.
        ReligionDecencySport = "RELIGION_DECENCY_SPORT",
        /// A law keeps one sex from the work, such as midwifery or work below ground.
        StatutoryRestriction = "STATUTORY_RESTRICTION",
        /// Customs abroad keep one sex from the work.
        OverseasCustom = "OVERSEAS_CUSTOM",
        /// Women are markedly fewer in the job, and this is a measure against it (第8条).
        PositiveAction = "POSITIVE_ACTION",
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegalCode {
    /// A term.
    Term(MissingTerm),
    /// A wording.
    Wording(WordingRule),
}

/// One thing that the law has to say about an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalFinding {
    /// What about.
    pub code: LegalCode,
    /// What it does.
    pub severity: LegalSeverity,
    /// The input field, a dotted path such as `requiredSkills.0`.
    pub field: String,
    /// The phrase, in UTF-16 units of the field's text; `None` where something is missing.
    pub range: Option<Range<u32>>,
    /// The phrase itself; empty where something is missing.
    pub phrase: String,
}

impl LegalFinding {
    /// Whether it keeps the offer from being published.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self.severity {
            LegalSeverity::Refusal => true,
            LegalSeverity::Warning => false,
        }
    }

    fn term(term: MissingTerm) -> Self {
        Self {
            code: LegalCode::Term(term),
            severity: LegalSeverity::Refusal,
            field: article::field_of(term).to_owned(),
            range: None,
            phrase: String::new(),
        }
    }

    fn lacking(rule: WordingRule, field: &str) -> Self {
        Self {
            code: LegalCode::Wording(rule),
            severity: rule.severity(),
            field: field.to_owned(),
            range: None,
            phrase: String::new(),
        }
    }

    fn wording(field: &str, text: &str, found: &Found) -> Self {
        let n_units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        let start = n_units(&text[..found.range.start]);
        let phrase = &text[found.range.clone()];
        Self {
            code: LegalCode::Wording(found.rule),
            severity: found.rule.severity(),
            field: field.to_owned(),
            range: Some(start..start + n_units(phrase)),
            phrase: phrase.to_owned(),
        }
    }
}

/// All that the law has to say about an offer: missing terms in the law's order, then wordings in the order of the
/// fields.
#[must_use]
pub fn findings(opportunity: &Opportunity) -> Vec<LegalFinding> {
    let mut findings: Vec<LegalFinding> = opportunity
        .missing_terms()
        .into_iter()
        .map(LegalFinding::term)
        .collect();
    match &opportunity.terms {
        Terms::Role(terms) => of_role(opportunity, terms, &mut findings),
        Terms::ContractWork(terms) => of_contract_work(opportunity, terms, &mut findings),
        // A speaker's hour is no employment, and its audience may well be the young.
        Terms::SpeakerSlot(_) => {}
    }
    findings
}

/// Whether anything keeps the offer from being published.
#[must_use]
pub fn is_publishable(opportunity: &Opportunity) -> bool {
    !findings(opportunity).iter().any(LegalFinding::is_refusal)
}

fn of_role(opportunity: &Opportunity, terms: &RoleTerms, findings: &mut Vec<LegalFinding>) {
    let mut names_age = false;
    for (field, text, place) in texts_of_role(opportunity, terms) {
        for found in find(text, place) {
            let is_excepted = match found.rule {
                WordingRule::Age => {
                    names_age = true;
                    terms.age_exception.is_some()
                }
                WordingRule::AgeSuggested => terms.age_exception.is_some(),
                WordingRule::Sex | WordingRule::SexSuggested => terms.sex_exception.is_some(),
                WordingRule::PhysicalRequirement => is_stated(terms.physical_requirement_reason.as_ref()),
                WordingRule::RelocationRequirement => is_stated(terms.relocation_requirement_reason.as_ref()),
                WordingRule::AgeExceptionReason
                | WordingRule::AgeExceptionTerm
                | WordingRule::DisguisedDirection
                | WordingRule::DisguisedWorkingHours
                | WordingRule::DisguisedAttendance
                | WordingRule::DisguisedOvertime
                | WordingRule::DisguisedExclusivity => false,
            };
            if !is_excepted {
                findings.push(LegalFinding::wording(&field, text, &found));
            }
        }
    }
    let Some(exception) = terms.age_exception.filter(|_| names_age) else {
        return;
    };
    if !is_stated(terms.age_exception_reason.as_ref()) {
        findings.push(LegalFinding::lacking(
            WordingRule::AgeExceptionReason,
            "ageExceptionReason",
        ));
    }
    let has_end = match terms.contract_term {
        Some(ContractTerm::Fixed { .. }) => true,
        Some(ContractTerm::Indefinite) | None => false,
    };
    if exception.needs_contract_without_end() && has_end {
        findings.push(LegalFinding::lacking(
            WordingRule::AgeExceptionTerm,
            "contractTerm",
        ));
    }
}

fn of_contract_work(opportunity: &Opportunity, terms: &ContractTerms, findings: &mut Vec<LegalFinding>) {
    let own = [
        ("parties", &terms.parties),
        ("scope", &terms.scope),
        ("place", &terms.place),
        ("fee", &terms.fee),
    ];
    let own = own
        .iter()
        .filter_map(|(field, text)| Some(((*field).to_owned(), text.as_deref()?)));
    for (field, text) in common_texts(opportunity)
        .map(|(field, text, _)| (field, text))
        .chain(own)
    {
        for found in disguised::find(text) {
            findings.push(LegalFinding::wording(&field, text, &found));
        }
    }
}

fn is_stated(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// Where a text stands, which decides how much has to be said for it to be a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The title, or the duties: what the job is called.
    Title,
    /// A must-have or a nice-to-have: every word of it is asked of the applicant.
    Requirement,
    /// Running text.
    Text,
}

fn common_texts(opportunity: &Opportunity) -> impl Iterator<Item = (String, &str, Place)> {
    let title = std::iter::once(("title".to_owned(), opportunity.title.as_str(), Place::Title));
    let description = (
        "description".to_owned(),
        opportunity.description.as_str(),
        Place::Text,
    );
    let must_haves = lines("requiredSkills", &opportunity.required_skills);
    let nice_to_haves = lines("preferredSkills", &opportunity.preferred_skills);
    let compensation = opportunity.compensation.iter();
    title
        .chain([description])
        .chain(must_haves)
        .chain(nice_to_haves)
        .chain(compensation.map(|text| ("compensation".to_owned(), text.as_str(), Place::Text)))
}

fn lines<'a>(name: &'static str, texts: &'a [String]) -> impl Iterator<Item = (String, &'a str, Place)> {
    let numbered = texts.iter().enumerate();
    numbered.map(move |(idx, text)| (format!("{name}.{idx}"), text.as_str(), Place::Requirement))
}

fn texts_of_role<'a>(
    opportunity: &'a Opportunity,
    terms: &'a RoleTerms,
) -> impl Iterator<Item = (String, &'a str, Place)> {
    let renewal_limit = match &terms.contract_term {
        Some(ContractTerm::Fixed { renewal_limit, .. }) => renewal_limit.as_deref(),
        Some(ContractTerm::Indefinite) | None => None,
    };
    let own = [
        ("duties", terms.duties.as_deref(), Place::Title),
        (
            "dutiesChangeRange",
            terms.duties_change_range.as_deref(),
            Place::Text,
        ),
        ("place", terms.place.as_deref(), Place::Text),
        (
            "placeChangeRange",
            terms.place_change_range.as_deref(),
            Place::Text,
        ),
        ("contractTerm.renewalLimit", renewal_limit, Place::Text),
        ("workingHours", terms.working_hours.as_deref(), Place::Text),
        ("pay", terms.pay.as_deref(), Place::Text),
        ("fixedOvertime", terms.fixed_overtime.as_deref(), Place::Text),
        ("trialPeriod", terms.trial_period.as_deref(), Place::Text),
    ];
    let own = own
        .into_iter()
        .filter_map(|(field, text, place)| Some((field.to_owned(), text?, place)));
    common_texts(opportunity).chain(own)
}

#[cfg(test)]
mod tests;
