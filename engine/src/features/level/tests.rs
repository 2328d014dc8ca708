//! What levels are read and how they compare.

use uuid::Uuid;

use super::*;
use crate::domain::{
    CompanyId, LanguageSkill, Opportunity, OpportunityId, OpportunityStatus, Profile, Remote, RoleTerms,
    Terms,
};
use crate::features::analysis;
use crate::text::testing::analyzer;

fn asked(requirement: &str) -> Vec<AskedLevel> {
    asked_by(&opportunity(&[requirement], ""))
}

fn opportunity(required: &[&str], description: &str) -> AnalyzedOpportunity {
    let opportunity = Opportunity {
        id: OpportunityId(Uuid::nil()),
        company_id: CompanyId(Uuid::nil()),
        external_id: None,
        title: "担当者".to_owned(),
        description: description.to_owned(),
        department: None,
        group_company: None,
        hiring_manager: None,
        status: OpportunityStatus::Open,
        required_skills: required.iter().map(|one| (*one).to_owned()).collect(),
        preferred_skills: Vec::new(),
        products: Vec::new(),
        prefecture: None,
        remote: Remote::Onsite,
        seats: 1,
        hours_per_week: None,
        starts_on: None,
        ends_on: None,
        compensation: None,
        closes_at: None,
        created_at: "2026-11-20T03:00:00Z".parse().unwrap(),
        terms: Terms::Role(RoleTerms::default()),
    };
    analysis::opportunity(&analyzer(), &opportunity)
}

fn levels(profile: &Profile) -> Levels {
    analysis::profile(&analyzer(), profile).levels().clone()
}

fn answer_to(requirement: &str, qualification: &str) -> LevelAnswer {
    let profile = Profile {
        qualifications: vec![qualification.to_owned()],
        ..Profile::default()
    };
    let asked = asked(requirement);
    assert_eq!(asked.len(), 1, "{requirement}");
    answer(&asked[0], &levels(&profile))
}

#[test]
fn a_score_and_a_grade_are_read_as_quantities() {
    assert_eq!(answer_to("TOEIC 800点以上", "TOEIC 880"), LevelAnswer::Met);
    assert_eq!(answer_to("TOEIC 800点以上", "TOEIC 795"), LevelAnswer::Below);
    assert_eq!(
        answer_to("TOEIC 800点以上", "TOEIC L&R スコア 905点"),
        LevelAnswer::Met
    );
    assert_eq!(answer_to("日商簿記2級", "日商簿記検定1級"), LevelAnswer::Met);
    assert_eq!(
        answer_to("日商簿記2級以上", "日商簿記検定３級"),
        LevelAnswer::Below
    );
    assert_eq!(answer_to("日商簿記2級", "秘書検定1級"), LevelAnswer::NotShown);
}

#[test]
fn grades_of_any_qualification_are_compared_before_and_behind_its_name() {
    assert_eq!(answer_to("統計検定2級以上", "統計検定準1級"), LevelAnswer::Met);
    assert_eq!(answer_to("統計検定準1級程度", "統計検定 2級"), LevelAnswer::Below);
    assert_eq!(answer_to("二級建築士以上", "一級建築士"), LevelAnswer::Met);
    assert_eq!(answer_to("一級建築士", "2級建築士"), LevelAnswer::Below);
    assert_eq!(answer_to("秘書検定準1級", "秘書技能検定1級"), LevelAnswer::Met);
    assert_eq!(answer_to("秘書検定準1級", "秘書検定2級"), LevelAnswer::Below);
}

#[test]
fn either_of_two_is_enough_and_experience_of_the_same_worth_contradicts_nothing() {
    assert_eq!(
        answer_to("TOEIC 800点または英検準1級", "英検準1級"),
        LevelAnswer::Met
    );
    assert_eq!(
        answer_to("日商簿記2級または同等の実務経験", "日商簿記3級"),
        LevelAnswer::NotShown
    );
}

#[test]
fn a_grade_that_somebody_studies_for_is_not_theirs() {
    let profile = Profile {
        summary: Some("日商簿記1級を勉強中です。".to_owned()),
        qualifications: vec!["日商簿記2級".to_owned()],
        ..Profile::default()
    };
    let asked = asked("日商簿記1級");
    assert_eq!(answer(&asked[0], &levels(&profile)), LevelAnswer::Below);
}

#[test]
fn a_language_is_compared_by_level() {
    let profile = |level| {
        levels(&Profile {
            languages: vec![LanguageSkill {
                language: "英語".to_owned(),
                level,
            }],
            ..Profile::default()
        })
    };
    let business = asked("英語（ビジネスレベル）");
    assert_eq!(
        answer(&business[0], &profile(LanguageLevel::Native)),
        LevelAnswer::Met
    );
    assert_eq!(
        answer(&business[0], &profile(LanguageLevel::Basic)),
        LevelAnswer::Below
    );
    assert_eq!(
        answer(&business[0], &levels(&Profile::default())),
        LevelAnswer::NotShown
    );
}

#[test]
fn a_sentence_on_the_person_wanted_asks_for_levels_that_do_not_count_as_must_haves() {
    let opportunity = opportunity(&[], "英語はTOEIC 700点以上の方。英語の看板が目印です。");
    let asked = asked_by(&opportunity);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].wanted, Wanted::Person);
    assert!((fit(&asked, &levels(&Profile::default())) - 1.0).abs() < f32::EPSILON);
}
