//! What a claim and the records of a company agree in, whatever the spelling.
//!
//! - Names are compared as the directory compares them: 髙橋 is 高橋, and a name may be given as it is read.
//! - Employee numbers are compared without width, case, separators and leading zeros.

use std::collections::HashMap;

use okaeri_engine::domain::{
    Admission, Agreement, AlumnusId, Claim, ClaimFact, ClaimId, Claimed, CompanyId, Tenure,
};
use okaeri_engine::search::name_key;
use okaeri_engine::text::normalize;

use crate::db::alumni::{self, Account};
use crate::db::{Reads, programmes};
use crate::projection::run_blocking;
use crate::usecase::Fault;

/// Records that are shown with one claim: more namesakes than that, and the name is none that tells anybody apart.
const CANDIDATES_MAX: usize = 20;

/// What the programme takes for proof.
pub async fn admission(db: &impl Reads, company_id: CompanyId) -> Result<Admission, Fault> {
    let programme = programmes::find(db, company_id).await?;
    Ok(programme
        .map(|programme| programme.policy.admission)
        .unwrap_or_default())
}

/// Every record that agrees with a claim in name, number or address, and in what else it does; by claim, the records in
/// their order. As many statements for many claims as for one.
pub async fn agreements(
    db: &impl Reads,
    company_id: CompanyId,
    claims: &[Claim],
) -> Result<HashMap<ClaimId, Vec<Agreement>>, Fault> {
    let accounts = alumni::list_accounts(db, company_id).await?;
    let wanted: Vec<(ClaimId, Claimed)> = claims
        .iter()
        .map(|claim| (claim.id, claim.claimed.clone()))
        .collect();
    // Some microseconds a record, and there may be thousands.
    let mut found = run_blocking(move || compare(&accounts, &wanted)).await?;

    let mut ids: Vec<AlumnusId> = found
        .values()
        .flatten()
        .map(|agreement| agreement.alumnus_id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let tenures: HashMap<AlumnusId, Vec<Tenure>> = alumni::load(db, company_id, &ids)
        .await?
        .into_iter()
        .map(|alumnus| (alumnus.id, alumnus.profile.tenures))
        .collect();
    for claim in claims {
        for agreement in found.get_mut(&claim.id).into_iter().flatten() {
            if let Some(tenures) = tenures.get(&agreement.alumnus_id) {
                agreement.facts.extend(period_facts(&claim.claimed, tenures));
                agreement.facts.sort_unstable();
            }
        }
    }
    Ok(found)
}

/// The records that an administrator looks at, most agreement first, in their order where it is the same.
#[must_use]
pub fn strongest(mut agreements: Vec<Agreement>) -> Vec<Agreement> {
    agreements.sort_by_key(|agreement| (std::cmp::Reverse(agreement.facts.len()), agreement.alumnus_id));
    agreements.truncate(CANDIDATES_MAX);
    agreements
}

/// Name, number and address of every record against those of every claim.
fn compare(accounts: &[Account], claims: &[(ClaimId, Claimed)]) -> HashMap<ClaimId, Vec<Agreement>> {
    let mut found: HashMap<ClaimId, Vec<Agreement>> = HashMap::with_capacity(claims.len());
    let claims: Vec<_> = claims
        .iter()
        .map(|(id, claimed)| {
            let name = name_key(&claimed.name.kanji);
            let number = claimed.employee_number.as_deref().and_then(number_key);
            (*id, name, number, claimed.email.as_str())
        })
        .collect();
    for account in accounts {
        let written = name_key(&account.name.kanji);
        let read = account.name.kana.as_deref().map(name_key);
        let number = account.employee_number.as_deref().and_then(number_key);
        for (id, wanted_name, wanted_number, wanted_email) in &claims {
            let mut facts = Vec::new();
            let has_name =
                !wanted_name.is_empty() && (*wanted_name == written || read.as_ref() == Some(wanted_name));
            if has_name {
                facts.push(ClaimFact::Name);
            }
            if wanted_number.is_some() && *wanted_number == number {
                facts.push(ClaimFact::EmployeeNumber);
            }
            if account.email.as_deref() == Some(*wanted_email) {
                facts.push(ClaimFact::Email);
            }
            if !facts.is_empty() {
                found.entry(*id).or_default().push(Agreement {
                    alumnus_id: account.id,
                    status: account.status,
                    has_address: account.email.is_some(),
                    facts,
                });
            }
        }
    }
    found
}

/// Whether the first and last month, and the unit, are those of the record: of all its periods together or of one.
fn period_facts(claimed: &Claimed, tenures: &[Tenure]) -> Vec<ClaimFact> {
    let mut facts = Vec::new();
    let ends: Option<Vec<_>> = tenures.iter().map(|tenure| tenure.to).collect();
    let whole = tenures
        .iter()
        .map(|tenure| tenure.from)
        .min()
        .zip(ends.and_then(|ends| ends.into_iter().max()));
    let of_one = |tenure: &Tenure| tenure.to.map(|to| (tenure.from, to));
    let is_theirs = |period| whole == Some(period) || tenures.iter().any(|it| of_one(it) == Some(period));
    if claimed.tenure.is_some_and(is_theirs) {
        facts.push(ClaimFact::Tenure);
    }
    let unit = claimed
        .department
        .as_deref()
        .map(unit_key)
        .filter(|key| !key.is_empty());
    if unit.is_some_and(|unit| tenures.iter().any(|tenure| unit_key(&tenure.department) == unit)) {
        facts.push(ClaimFact::Department);
    }
    facts
}

/// The spelling under which employee numbers are compared; `None` for one that says nothing.
fn number_key(number: &str) -> Option<String> {
    let plain: String = normalize(number)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let key = plain.trim_start_matches('0');
    (!key.is_empty()).then(|| key.to_owned())
}

fn unit_key(unit: &str) -> String {
    normalize(unit).chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use okaeri_engine::domain::{AlumnusStatus, PersonName};
    use uuid::Uuid;

    use super::*;

    fn account(name: &str, number: &str) -> Account {
        Account {
            id: AlumnusId(Uuid::from_u128(1)),
            status: AlumnusStatus::Unclaimed,
            name: PersonName {
                kanji: name.to_owned(),
                kana: Some("タカハシ ハナコ".to_owned()),
            },
            email: Some("hanako@example.jp".to_owned()),
            employee_number: Some(number.to_owned()),
        }
    }

    fn claimed(name: &str, number: &str) -> Claimed {
        Claimed {
            name: PersonName {
                kanji: name.to_owned(),
                kana: None,
            },
            email: "hanako@example.com".to_owned(),
            employee_number: Some(number.to_owned()),
            tenure: None,
            department: None,
        }
    }

    fn facts(account: Account, claimed: Claimed) -> Vec<ClaimFact> {
        let id = ClaimId(Uuid::from_u128(2));
        let found = compare(&[account], &[(id, claimed)]).remove(&id);
        found.map_or_else(Vec::new, |mut agreements| agreements.remove(0).facts)
    }

    #[test]
    fn names_and_numbers_agree_in_every_spelling_and_in_no_other() {
        let both = [ClaimFact::Name, ClaimFact::EmployeeNumber];
        for (name, number) in [
            ("髙橋 花子", "00123"),
            ("高橋花子", "１２３"),
            ("高橋　花子", " 123 "),
            ("たかはし はなこ", "0123"),
            ("ﾀｶﾊｼ ﾊﾅｺ", "#123"),
        ] {
            assert_eq!(
                facts(account("髙橋 花子", "0０123"), claimed(name, number)),
                both,
                "{name}"
            );
        }
        assert_eq!(
            facts(account("髙橋 花子", "A-0012"), claimed("高橋 花子", "ａ００１２")),
            both
        );
        for (name, number) in [("高橋 太郎", "124"), ("花子", "1230"), ("", "000"), ("高", "12")] {
            assert_eq!(
                facts(account("髙橋 花子", "123"), claimed(name, number)),
                [],
                "{name}"
            );
        }
        // A number of nothing but zeros is everybody's and nobody's.
        assert_eq!(facts(account("髙橋 花子", "000"), claimed("鈴木 一", "0")), []);
    }

    #[test]
    fn periods_agree_as_a_whole_or_one_by_one_and_never_without_an_end() {
        let tenure = |department: &str, from: &str, to: Option<&str>| Tenure {
            department: department.to_owned(),
            title: String::new(),
            from: from.parse().unwrap(),
            to: to.map(|to| to.parse().unwrap()),
            description: String::new(),
        };
        let tenures = [
            tenure("物流部", "2015-04", Some("2020-03")),
            tenure("営業第２部", "2011-04", Some("2015-03")),
        ];
        let ask = |from: &str, to: &str, department: &str, tenures: &[Tenure]| {
            let claimed = Claimed {
                tenure: from.parse().ok().zip(to.parse().ok()),
                department: Some(department.to_owned()),
                ..claimed("x", "1")
            };
            period_facts(&claimed, tenures)
        };
        let both = vec![ClaimFact::Tenure, ClaimFact::Department];
        assert_eq!(ask("2011-04", "2020-03", "営業 第2部", &tenures), both);
        assert_eq!(ask("2015-04", "2020-03", "物流部", &tenures), both);
        assert_eq!(ask("2011-04", "2020-02", "物流", &tenures), []);
        let open = [tenure("物流部", "2015-04", None)];
        assert_eq!(ask("2015-04", "2020-03", "", &open), []);
    }
}
