//! The rules on wording, on a table of wordings with both sides of each line.

use super::*;
use crate::domain::opportunity::OpportunityKind;
use crate::domain::testing::opportunity;

/// One wording a line: what it breaks (a code, or OK), where it stands, the wording.
const WORDINGS: &str = include_str!("wordings.tsv");

/// Wordings, each with the codes it breaks.
fn wordings() -> impl Iterator<Item = (Vec<&'static str>, Place, &'static str)> {
    let lines = WORDINGS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let mut cells = line.split('\t');
        let (Some(codes), Some(place), Some(text)) = (cells.next(), cells.next(), cells.next()) else {
            panic!("not three cells: {line}");
        };
        let place = match place {
            "title" => Place::Title,
            "requirement" => Place::Requirement,
            "text" => Place::Text,
            other => panic!("no such place: {other}"),
        };
        (
            codes.split(' ').filter(|code| *code != "OK").collect(),
            place,
            text,
        )
    })
}

#[test]
fn every_wording_of_the_table_breaks_what_it_says_and_nothing_else() {
    let mut wrong = Vec::new();
    let mut n_wordings = 0;
    for (codes, place, text) in wordings() {
        n_wordings += 1;
        let found: Vec<&str> = if codes.first().is_some_and(|code| code.starts_with("DISGUISED"))
            || text.contains("〔委託〕")
        {
            disguised::find(text)
                .iter()
                .map(|found| found.rule.code())
                .collect()
        } else {
            find(text, place).iter().map(|found| found.rule.code()).collect()
        };
        let mut found = found;
        found.dedup();
        if found != codes {
            wrong.push(format!("{text}: {found:?}, not {codes:?}"));
        }
    }
    assert!(n_wordings >= 60, "{n_wordings}");
    assert!(
        wrong.is_empty(),
        "{} of {n_wordings}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_names_an_age_or_a_sex_is_taken_out_and_the_rest_is_left_as_it_is() {
    for (text, place, rest) in [
        (
            "在庫管理の経験者。35歳未満の方を募集します。",
            Place::Text,
            "在庫管理の経験者。",
        ),
        (
            "在庫管理に詳しい35歳未満の方を募集します。",
            Place::Text,
            "在庫管理に詳しい方を募集します。",
        ),
        ("35歳未満", Place::Requirement, ""),
        ("若手歓迎、在庫管理の経験", Place::Requirement, "在庫管理の経験"),
        ("若手エンジニア歓迎", Place::Title, "エンジニア歓迎"),
        ("女性歓迎。経理の仕事です。", Place::Text, "経理の仕事です。"),
        ("営業マン募集", Place::Title, "営業マン募集"),
        (
            "20代の顧客向け商品の企画",
            Place::Text,
            "20代の顧客向け商品の企画",
        ),
    ] {
        assert_eq!(without_personal_wording(text, place), rest, "{text}");
    }
}

fn codes(opportunity: &Opportunity) -> Vec<&'static str> {
    let findings = findings(opportunity).into_iter();
    findings
        .filter_map(|finding| match finding.code {
            LegalCode::Wording(rule) => Some(rule.code()),
            LegalCode::Term(_) => None,
        })
        .collect()
}

#[test]
fn an_age_is_refused_in_every_text_of_a_role_unless_an_exception_is_recorded_with_its_reason() {
    let mut role = opportunity(OpportunityKind::Role);
    role.description = "35歳未満の方を募集します。".to_owned();
    role.required_skills = vec!["３５才まで".to_owned()];
    assert_eq!(codes(&role), ["AGE_WORDING", "AGE_WORDING"]);
    let found = findings(&role);
    let age = found
        .iter()
        .find(|finding| finding.field == "requiredSkills.0")
        .unwrap();
    assert_eq!(
        (age.phrase.as_str(), age.range.clone()),
        ("３５才まで", Some(0..5))
    );
    assert!(age.message().1.contains("労働施策総合推進法第9条"));

    let mut with = |change: &dyn Fn(&mut RoleTerms)| {
        if let Terms::Role(terms) = &mut role.terms {
            change(terms);
        }
        codes(&role)
    };
    assert_eq!(
        with(&|terms| terms.age_exception = Some(AgeException::CareerFormation)),
        ["AGE_EXCEPTION_REASON"]
    );
    let reason = Some("長期勤続によるキャリア形成のため".to_owned());
    assert_eq!(
        with(&|terms| terms.age_exception_reason.clone_from(&reason)),
        [""; 0]
    );
    let fixed = Some(ContractTerm::Fixed {
        until: chrono::NaiveDate::MAX,
        renewal_limit: None,
    });
    assert_eq!(
        with(&|terms| terms.contract_term.clone_from(&fixed)),
        ["AGE_EXCEPTION_TERM"]
    );
    assert_eq!(
        with(&|terms| terms.age_exception = Some(AgeException::StatutoryAge)),
        [""; 0],
        "a law's own age holds for contracts with an end too"
    );
}

#[test]
fn an_age_is_found_in_each_text_of_a_role() {
    let aged = || Some("35歳未満の方を募集します。".to_owned());
    let mut role = opportunity(OpportunityKind::Role);
    role.title = aged().unwrap_or_default();
    role.description = aged().unwrap_or_default();
    role.required_skills = aged().into_iter().collect();
    role.preferred_skills = aged().into_iter().collect();
    role.compensation = aged();
    role.terms = Terms::Role(RoleTerms {
        duties: aged(),
        duties_change_range: aged(),
        place: aged(),
        place_change_range: aged(),
        contract_term: Some(ContractTerm::Fixed {
            until: chrono::NaiveDate::MAX,
            renewal_limit: aged(),
        }),
        working_hours: aged(),
        pay: aged(),
        fixed_overtime: aged(),
        trial_period: aged(),
        ..RoleTerms::default()
    });
    let found = findings(&role);
    let ages = found
        .iter()
        .filter(|finding| finding.code == LegalCode::Wording(WordingRule::Age));
    let fields: Vec<&str> = ages.map(|finding| finding.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "title",
            "description",
            "requiredSkills.0",
            "preferredSkills.0",
            "compensation",
            "duties",
            "dutiesChangeRange",
            "place",
            "placeChangeRange",
            "contractTerm.renewalLimit",
            "workingHours",
            "pay",
            "fixedOvertime",
            "trialPeriod",
        ]
    );
}

#[test]
fn strength_and_moving_house_need_a_reason_that_lies_in_the_job() {
    let mut role = opportunity(OpportunityKind::Role);
    role.required_skills = vec!["体力に自信のある方".to_owned(), "全国転勤が可能な方".to_owned()];
    assert_eq!(codes(&role), ["PHYSICAL_REQUIREMENT", "RELOCATION_REQUIREMENT"]);
    if let Terms::Role(terms) = &mut role.terms {
        terms.physical_requirement_reason = Some("30kgの荷を1日に数十回運ぶため".to_owned());
        terms.relocation_requirement_reason = Some("全国の工場を順に立て直すため".to_owned());
    }
    assert_eq!(codes(&role), [""; 0]);
}

#[test]
fn contract_work_is_warned_of_and_a_speaker_slot_is_left_alone() {
    let text = "常駐して社員の指示に従い、残業もあります。35歳未満の若手社員に話してください。";
    for (kind, expected) in [
        (
            OpportunityKind::ContractWork,
            vec![
                "DISGUISED_ATTENDANCE",
                "DISGUISED_DIRECTION",
                "DISGUISED_OVERTIME",
            ],
        ),
        (OpportunityKind::SpeakerSlot, vec![]),
    ] {
        let mut offer = opportunity(kind);
        offer.description = text.to_owned();
        assert_eq!(codes(&offer), expected, "{kind:?}");
        let is_warned = |finding: &LegalFinding| match finding.code {
            LegalCode::Wording(_) => !finding.is_refusal(),
            LegalCode::Term(_) => finding.is_refusal(),
        };
        assert!(findings(&offer).iter().all(is_warned));
    }
}

#[test]
fn every_rule_names_its_article_in_both_languages() {
    let mut all: Vec<LegalCode> = MissingTerm::ALL.iter().copied().map(LegalCode::Term).collect();
    all.extend(WordingRule::ALL.iter().copied().map(LegalCode::Wording));
    for code in all {
        let article = article_of(code);
        match code {
            LegalCode::Term(MissingTerm::HeldOn | MissingTerm::Topics) => assert_eq!(article, None),
            LegalCode::Term(_) | LegalCode::Wording(_) => {
                let article = article.unwrap();
                assert!(
                    article.japanese.contains('第') && article.english.is_ascii(),
                    "{code:?}"
                );
            }
        }
    }
}

/// The texts of the demonstration's file, line by line; every text in it, however deep.
fn demo_texts(file: &str) -> Vec<(String, Vec<String>)> {
    fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => texts.push(text.clone()),
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
            serde_json::Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
        }
    }
    let path = format!("{}/../demo/{file}", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(path).unwrap();
    lines
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let mut texts = Vec::new();
            collect(&value, &mut texts);
            (value["id"].as_str().unwrap_or_default().to_owned(), texts)
        })
        .collect()
}

#[test]
fn the_demonstrations_offers_raise_no_alarm_but_the_one_attendance_and_are_read_as_they_are() {
    let mut found = Vec::new();
    for (id, texts) in demo_texts("opportunities.jsonl") {
        for text in texts {
            let place = Place::Text;
            found.extend(find(&text, place).iter().map(|one| (id.clone(), one.rule.code())));
            if id.starts_with('c') {
                found.extend(
                    disguised::find(&text)
                        .iter()
                        .map(|one| (id.clone(), one.rule.code())),
                );
            }
            assert_eq!(without_personal_wording(&text, Place::Title), text, "{id}");
        }
    }
    // 「校了前の8月は週1出社」: attendance indeed.
    assert_eq!(found, [("c15".to_owned(), "DISGUISED_ATTENDANCE")]);
}

#[test]
fn profiles_read_as_if_they_were_offers_raise_few_alarms() {
    let mut found = Vec::new();
    let mut n_texts = 0;
    for (id, texts) in demo_texts("alumni.jsonl") {
        for text in texts {
            n_texts += 1;
            found.extend(
                find(&text, Place::Text)
                    .iter()
                    .map(|one| format!("{id} {} {}", one.rule.code(), &text[one.range.clone()])),
            );
        }
    }
    assert!(n_texts > 5_000, "{n_texts}");
    assert!(
        found.is_empty(),
        "{} of {n_texts}\n{}",
        found.len(),
        found.join("\n")
    );
}
