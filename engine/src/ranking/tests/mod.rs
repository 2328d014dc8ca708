//! Small companies written for the tests of the ranking.

mod apart;
mod circumstances;
mod explanations;
mod golden;
mod interrupts;
mod laws;
mod memo;
mod own;
mod pairs;
mod policy;
mod pool;
mod proposals;
mod replays;
mod verdicts;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use ndarray::ArrayView1;
use proptest::prelude::*;
use uuid::Uuid;

use super::pool::Slot;
use super::*;
use crate::domain::{
    AlumnusStatus, Asker, CompanyId, Ineligible, Interest, Opportunity, OpportunityId, OpportunityKind,
    OpportunityStatus, Policy, Profile, Purpose, Remote, RemotePreference, RoleTerms, SlotTerms, Standing,
    Tenure, Terms, WorkStyle,
};
use crate::features::{FeatureId, Group, analysis};
use crate::text::testing::analyzer;

fn now() -> DateTime<Utc> {
    "2026-11-20T03:00:00Z".parse().unwrap()
}

fn id(n: u128) -> AlumnusId {
    AlumnusId(Uuid::from_u128(n))
}

fn opportunity(terms: Terms, title: &str, required: &[&str], description: &str) -> AnalyzedOpportunity {
    let opportunity = Opportunity {
        id: OpportunityId(Uuid::from_u128(title.bytes().map(u128::from).sum())),
        company_id: CompanyId(Uuid::nil()),
        external_id: None,
        title: title.to_owned(),
        description: description.to_owned(),
        department: None,
        group_company: None,
        hiring_manager: None,
        status: OpportunityStatus::Open,
        required_skills: required.iter().map(|skill| (*skill).to_owned()).collect(),
        preferred_skills: Vec::new(),
        products: Vec::new(),
        prefecture: "東京都".parse().ok(),
        remote: Remote::Onsite,
        seats: 1,
        hours_per_week: Some(40),
        starts_on: "2027-04".parse().ok(),
        ends_on: None,
        compensation: None,
        closes_at: None,
        created_at: now(),
        terms,
    };
    analysis::opportunity(&analyzer(), &opportunity)
}

fn role(title: &str, required: &[&str], description: &str) -> AnalyzedOpportunity {
    opportunity(Terms::Role(RoleTerms::default()), title, required, description)
}

fn tenure(department: &str, title: &str, description: &str) -> Tenure {
    Tenure {
        department: department.to_owned(),
        title: title.to_owned(),
        from: "2015-04".parse().unwrap(),
        to: "2023-03".parse().ok(),
        description: description.to_owned(),
    }
}

fn profile(headline: &str, tenure: Tenure) -> Profile {
    Profile {
        headline: Some(headline.to_owned()),
        prefecture: "東京都".parse().ok(),
        tenures: vec![tenure],
        work_style: Some(WorkStyle {
            remote: RemotePreference::Any,
            hours_per_week: Some(40),
            available_from: None,
        }),
        ..Profile::default()
    }
}

fn accountant() -> Profile {
    profile(
        "経理のマネージャー",
        tenure(
            "経理部 決算課",
            "課長",
            "月次と年次の連結決算、税務申告、監査法人との折衝を担当した。",
        ),
    )
}

fn standing() -> Standing {
    Standing::new(
        AlumnusStatus::Active,
        &[Interest::Rehire, Interest::Speaking],
        &[Purpose::Rehire, Purpose::Speaking, Purpose::Feed],
        "2023-03-31".parse().ok(),
        96,
    )
}

/// People nobody is looking for, so that words have a rarity.
fn others() -> Vec<Profile> {
    let jobs = [
        (
            "店舗の販売員",
            "小売事業部",
            "売場づくりと接客、レジ締めを担当した。",
        ),
        (
            "倉庫の管理者",
            "物流本部",
            "入出庫と棚卸、協力会社との調整を担当した。",
        ),
        (
            "総務の担当",
            "総務部",
            "社屋の管理、備品の発注、防災訓練の運営を担当した。",
        ),
        ("人事の担当", "人事部", "新卒採用の面接、研修の企画を担当した。"),
        ("研究員", "食品研究所", "調味料の処方開発と官能評価を担当した。"),
        ("法務の担当", "法務部", "契約書の審査と株主総会の準備を担当した。"),
    ];
    jobs.iter()
        .map(|(headline, unit, work)| profile(headline, tenure(unit, "担当", work)))
        .collect()
}

fn pool(profiles: &[Profile]) -> Pool {
    let mut pool = Pool::default();
    for (n, profile) in profiles.iter().chain(&others()).enumerate() {
        let id = id(n as u128);
        pool.upsert_profile(id, Arc::new(analysis::profile(&analyzer(), profile)));
        pool.set_standing(id, standing());
    }
    pool
}

fn ranked(opportunity: &AnalyzedOpportunity, pool: &Pool) -> Ranking {
    let request = RankRequest {
        opportunity,
        policy: &Policy::default(),
        now: now(),
        withheld: &HashMap::new(),
        reader: &Asker::COMPANY,
    };
    rank(&request, pool, &Model::bundled())
}

/// The places of the first `n` people of the pool, best first.
fn order(opportunity: &AnalyzedOpportunity, profiles: &[Profile]) -> Vec<u128> {
    let ranking = ranked(opportunity, &pool(profiles));
    let all = ranking
        .candidates
        .iter()
        .map(|candidate| candidate.alumnus_id.0.as_u128());
    all.filter(|n| *n < profiles.len() as u128).collect()
}

fn score_of(opportunity: &AnalyzedOpportunity, profile: &Profile) -> f64 {
    let ranking = ranked(opportunity, &pool(std::slice::from_ref(profile)));
    let found = ranking
        .candidates
        .iter()
        .find(|candidate| candidate.alumnus_id == id(0));
    found.unwrap().score
}

const ACCOUNTING: (&str, &[&str], &str) = (
    "連結決算の責任者",
    &["連結決算の実務", "税務申告"],
    "月次と年次の決算をまとめていただきます。",
);

fn accounting() -> AnalyzedOpportunity {
    role(ACCOUNTING.0, ACCOUNTING.1, ACCOUNTING.2)
}
