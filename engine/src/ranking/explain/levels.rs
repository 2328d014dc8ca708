//! What a stated level decides about a requirement. How levels compare is decided in [`level`] alone.

use super::requirements::{MET_SHARE, Standing, Verdict, deciding, nothing};
use super::sightings::Sighting;
use super::{Context, RequirementStatus, evidence, how};
use crate::features::level::{self, AskedLevel, Level, LevelAnswer};
use crate::thesaurus::{Kind, Relation, Thesaurus};

/// The verdict where a level is stated below the one asked for.
pub(super) fn below(context: &Context<'_>, asked: &AskedLevel) -> Verdict {
    let stated = evidence::of_level(context, asked);
    let named = stated.as_ref().map_or("", |one| one.snippet.as_str());
    Verdict {
        status: RequirementStatus::Unmet,
        note: context.say(
            format!("プロフィールに書かれた水準（{named}）は、求める水準に届いていません。"),
            format!("The level stated (“{named}”) is below the one asked for."),
        ),
        evidence: stated,
    }
}

/// The verdict where levels are all that a requirement asks for, or where one that is asked for is not stated.
pub(super) fn verdict(context: &Context<'_>, levels: &[&AskedLevel], needs: &[usize]) -> Option<Verdict> {
    let first = *levels.first()?;
    let answers = levels
        .iter()
        .map(|asked| level::answer(asked, context.profile.levels()));
    let answer = answers.min()?;
    let rest: Vec<usize> = needs
        .iter()
        .copied()
        .filter(|idx| !is_level(context, *idx))
        .collect();
    let is_language = |asked: &&AskedLevel| matches!(asked.any_of[..], [Level::Language { .. }]);
    if answer == LevelAnswer::Met {
        let of_rest = Standing::of(context, &rest);
        if rest.is_empty()
            || of_rest.share >= MET_SHARE
            || levels.iter().all(is_language) && is_use(context, &rest)
        {
            let named = evidence::of_level(context, first);
            let shown = named.as_ref().map_or("", |one| one.snippet.as_str());
            return Some(Verdict {
                status: RequirementStatus::Met,
                note: context.say(
                    format!("プロフィールに書かれた水準（{shown}）が、求める水準を満たしています。"),
                    format!("The level stated (“{shown}”) is the one asked for, or above."),
                ),
                evidence: named,
            });
        }
        return None;
    }
    // Of a language a job can tell as well; a score or a grade is stated or it is not.
    if levels.iter().all(is_language) || first.has_other_way {
        return None;
    }
    let of_level: Vec<&Sighting> = context
        .sightings
        .iter()
        .filter(|one| needs.contains(&one.need) && how::relation(context, one) == Some(Relation::Same))
        .collect();
    let evidence = deciding(context, &of_level)
        .map(|best| evidence::of_passage(context, best.passage, &[], |one| needs.contains(&one.need)));
    Some(Verdict {
        status: RequirementStatus::NotShown,
        note: match evidence {
            Some(_) => context.say(
                "記載はありますが、求める級や点数は書かれていません。",
                "It is mentioned, but not the grade or score asked for.",
            ),
            None => nothing(context),
        },
        evidence,
    })
}

/// Whether a need names what a level is a level of.
fn is_level(context: &Context<'_>, need: usize) -> bool {
    let need = &context.query.needs[need];
    let thesaurus = Thesaurus::bundled();
    let kinds = need.concepts.iter().map(|id| thesaurus.concept(*id).kind);
    let mut kinds = kinds.chain(need.concepts.is_empty().then_some(Kind::Work));
    kinds.any(|kind| matches!(kind, Kind::Language | Kind::Qualification))
        || ["語", "レベル", "点", "級", "スコア", "資格", "検定", "上級"]
            .iter()
            .any(|end| need.stretch.ends_with(end))
}

/// Whether what remains beside a language is only how it is used: 商談, 会議, メール.
fn is_use(context: &Context<'_>, rest: &[usize]) -> bool {
    const USES: &[&str] = &[
        "商談",
        "会議",
        "交渉",
        "メール",
        "会話",
        "電話",
        "やりとり",
        "やり取り",
        "読み書き",
        "コミュニケーション",
        "ビジネス",
        "日常",
        "折衝",
        "対応",
        "プレゼン",
        "話す",
        "話せる",
        "力",
        "抵抗",
    ];
    rest.iter().all(|idx| {
        let stretch = context.query.needs[*idx].stretch.as_str();
        USES.iter().any(|word| stretch.contains(word))
    })
}
