//! What an opportunity asks for, and what it says it is not about.
//!
//! A first, honest reading by fixed expressions: 「〜ではなく」, 「〜は含みません」, 「〜は別の機会に」. A sentence is
//! read clause by clause where the expression joins two clauses, and as a whole where it ends the sentence.

use super::analysis::Wanted;
use super::matching::Match;
use super::query::Query;
use crate::text;

/// Expressions after which the sentence goes on with what is wanted: only what stands before them is excluded.
const NOT_BUT: &[&str] = &["ではなく", "じゃなく", "に任せ", "より、"];

/// Expressions by which a whole sentence excludes.
const NOT_AT_ALL: &[&str] = &[
    "ではありません",
    "じゃありません",
    "ではございません",
    "含みません",
    "含まれません",
    "含まない",
    "異なります",
    "別の回",
    "別の機会",
    "対象外",
    "不要です",
    "必要ありません",
    "問いません",
    "お断り",
    "ご遠慮",
    "だけですと",
    "だけでは",
    "が担当します",
];

/// Expressions by which a sentence speaks of the person wanted.
const PERSON: &[&str] = &["方", "経験", "お持ち", "ご存じ", "できる人", "した人", "歓迎"];

/// The clauses of a description with what they are about.
#[must_use]
pub fn clauses(description: &str) -> Vec<(Wanted, &str)> {
    let mut clauses = Vec::new();
    for range in text::sentences(description) {
        let sentence = &description[range];
        let contains_any = |expressions: &[&str]| expressions.iter().any(|one| sentence.contains(one));
        let is_about = if contains_any(PERSON) {
            Wanted::Person
        } else {
            Wanted::Description
        };
        if contains_any(NOT_AT_ALL) {
            clauses.push((Wanted::Excluded, sentence));
            continue;
        }
        let cut = NOT_BUT
            .iter()
            .filter_map(|one| sentence.find(one).map(|at| at + one.len()))
            .min();
        match cut {
            Some(cut) => {
                clauses.push((Wanted::Excluded, &sentence[..cut]));
                clauses.push((is_about, &sentence[cut..]));
            }
            None => clauses.push((is_about, sentence)),
        }
    }
    clauses
}

/// 1 when the profile has nothing of what the opportunity excludes, less the more of it there is beyond what is
/// wanted.
#[must_use]
pub fn fit(query: &Query<'_>, found: &Match) -> f32 {
    1.0 - query.excluded_coverage(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_this_but_that_excludes_this_and_asks_for_that() {
        let found = clauses("研修の講師ではなく、ご自身の手で作れる方。翻訳は含みません。");
        assert_eq!(
            found,
            [
                (Wanted::Excluded, "研修の講師ではなく"),
                (Wanted::Person, "、ご自身の手で作れる方。"),
                (Wanted::Excluded, "翻訳は含みません。"),
            ]
        );
    }
}
