//! How a stretch of the profile came to stand for what is asked for: by another name, as a part of it, by what shows
//! it. Nothing is said where the words themselves stand there.

use super::Context;
use super::sightings::Sighting;
use crate::features::distance::Distance;
use crate::features::needs::relation_factor;
use crate::text::Compact;
use crate::thesaurus::{Kind, Naming, Relation, Thesaurus};

/// Longest stretch that is quoted, in characters.
const QUOTED_CHARS_MAX: usize = 30;

/// What stands in the profile, as written.
pub(super) fn written<'a>(context: &'a Context<'_>, sighting: &Sighting) -> &'a str {
    let profile = &context.profile;
    let text = profile.text_of(&profile.passages()[sighting.passage]);
    text.get(sighting.range.clone()).unwrap_or_default()
}

/// How what stands there is related to what is asked for; `None` for a word.
pub(super) fn relation(context: &Context<'_>, sighting: &Sighting) -> Option<Relation> {
    let found = sighting.concept?;
    let thesaurus = Thesaurus::bundled();
    let asked = context.query.needs[sighting.need].narrowest();
    let relations = asked.iter().flat_map(|asked| {
        let relatives = thesaurus.relatives(*asked).iter();
        relatives
            .filter(|(id, _)| *id == found)
            .map(|(_, relation)| *relation)
    });
    relations.max_by(|a, b| relation_factor(*a, false).total_cmp(&relation_factor(*b, false)))
}

/// Whether the words that are asked for stand there themselves.
pub(super) fn is_plain(context: &Context<'_>, sighting: &Sighting) -> bool {
    if sighting.is_word {
        return true;
    }
    let compact = |text: &str| Compact::new(text).text().to_lowercase();
    let found = compact(written(context, sighting));
    let asked = compact(&context.query.needs[sighting.need].stretch);
    found.contains(&asked) || asked.contains(&found)
}

/// How it was matched, in a sentence; `None` where the words themselves stand there.
pub(super) fn note(context: &Context<'_>, sighting: &Sighting) -> Option<String> {
    if is_plain(context, sighting) {
        return None;
    }
    let found = written(context, sighting);
    if found.chars().nth(QUOTED_CHARS_MAX).is_some() {
        return None;
    }
    let asked = &context.query.needs[sighting.need].stretch;
    let concept = sighting.concept?;
    let thesaurus = Thesaurus::bundled();
    let kind = thesaurus.concept(concept).kind;
    let names_area = || {
        let asked = context.query.needs[sighting.need].narrowest();
        asked.iter().any(|id| thesaurus.concept(*id).is_area)
    };
    let (japanese, english) = match relation(context, sighting)? {
        Relation::Same if thesaurus.naming(concept, found) == Some(Naming::Shown) => (
            format!("「{found}」という記述が「{asked}」にあたります。"),
            format!("“{found}” tells of “{asked}” without naming it."),
        ),
        Relation::Same => (
            format!("プロフィールの「{found}」を「{asked}」の同義語として読みました。"),
            format!("“{found}” in the profile is read as another name for “{asked}”."),
        ),
        Relation::Narrower(_) if names_area() => (
            format!("「{found}」は「{asked}」の分野の仕事です。"),
            format!("“{found}” is work in the field of “{asked}”."),
        ),
        Relation::Narrower(_) => (
            format!("「{found}」は「{asked}」の一部です。"),
            format!("“{found}” is part of “{asked}”."),
        ),
        Relation::Broader(_) => (
            format!("「{found}」は「{asked}」より広い言い方です。"),
            format!("“{found}” is a wider term than “{asked}”."),
        ),
        Relation::Shows if kind == Kind::Qualification => (
            format!("「{found}」の資格が「{asked}」の知識を示します。"),
            format!("The qualification “{found}” shows knowledge of “{asked}”."),
        ),
        Relation::Shows => (
            format!("「{found}」が「{asked}」の仕事を示します。"),
            format!("“{found}” shows this work (“{asked}”)."),
        ),
        Relation::ShownBy => (
            format!("「{asked}」そのものではなく、関係する仕事の「{found}」による一致です。"),
            format!("Not “{asked}” itself, but “{found}”, work that it stands for."),
        ),
        Relation::Related => (
            format!("近い仕事（「{found}」）としての一致です。"),
            format!("Matched by neighbouring work: “{found}”."),
        ),
    };
    Some(context.say(japanese, english))
}

/// How the writer stands to a thing that was not their own work; `None` where it was.
pub(super) fn distance_note(context: &Context<'_>, sighting: &Sighting) -> Option<String> {
    let found = written(context, sighting);
    let (japanese, english) = match sighting.distance {
        Distance::Led | Distance::Done if sighting.does_it => return None,
        Distance::Led | Distance::Done => (
            format!("「{found}」は、教える・売る・支援する側に立った仕事での記述です。"),
            format!("“{found}” stands in a job that teaches, sells or supports this work."),
        ),
        Distance::Supported => (
            format!("「{found}」は補助としての経験です。"),
            format!("“{found}” was done as support for others."),
        ),
        Distance::NextTo => (
            format!("「{found}」は、担当した人の近くで関わった経験です。"),
            format!("“{found}” was others' work, seen from close by."),
        ),
        Distance::ByOthers => (
            format!("「{found}」は、ほかの人や会社に任せたこととして書かれています。"),
            format!("“{found}” was left to others or to a vendor."),
        ),
        Distance::Taught => (
            format!("「{found}」は、教える・提案する立場の経験です。"),
            format!("“{found}” was taught, sold or advised on."),
        ),
        Distance::Studied => (
            format!("「{found}」は学んだこととして書かれています。"),
            format!("“{found}” was learnt, not done at work."),
        ),
        Distance::Wished => (
            format!("「{found}」は希望や関心として書かれています。"),
            format!("“{found}” is written as a wish."),
        ),
        Distance::Denied => (
            format!("「{found}」は、ご自身の担当や経験ではないと書かれています。"),
            format!("“{found}” is written as not this person's own work."),
        ),
    };
    Some(context.say(japanese, english))
}
