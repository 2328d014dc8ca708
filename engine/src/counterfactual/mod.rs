//! Counterfactual twins: a person, and the same person with exactly one thing changed that matching must not see.
//!
//! - Seeded: the same seed and people give the same twins, on every machine.
//! - The texts that are put in are invented here; who they are put into is the caller's.
//! - Nothing here knows how matching reads a text, so that it cannot be written to pass.

mod wordings;

use crate::domain::{PersonName, Profile, YearMonth, limits};
use crate::random::Random;
use crate::text;

use self::wordings::{HIDDEN, LEAVING_CODES, LEAVING_KINDS, NAMES, STATED, STATED_IN_ENGLISH, SWAPPED};

/// What a twin differs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The name.
    Name,
    /// A word that tells the sex of whoever did the work.
    GenderedWord,
    /// The year of graduation or of first entry, in words.
    Year,
    /// The first month at the company, where five years and more are counted either way.
    FirstEntry,
    /// Why the person left, in words.
    LeavingReason,
    /// Why the person left, as the company's code.
    LeavingCode,
    /// What a gap was for.
    GapReason,
    /// Relatives by name.
    Relatives,
    /// Marriage, children, household.
    Family,
    /// Age and birth.
    Age,
    /// Sex.
    Sex,
    /// Nationality and birthplace.
    Origin,
    /// Religion and creed.
    Belief,
    /// Union membership.
    Union,
    /// Health.
    Health,
    /// A column that an import has to drop.
    HiddenColumn,
}

impl Kind {
    /// All kinds, in the order of reports.
    pub const ALL: &[Self] = &[
        Self::Name,
        Self::GenderedWord,
        Self::Year,
        Self::FirstEntry,
        Self::LeavingReason,
        Self::LeavingCode,
        Self::GapReason,
        Self::Relatives,
        Self::Family,
        Self::Age,
        Self::Sex,
        Self::Origin,
        Self::Belief,
        Self::Union,
        Self::Health,
        Self::HiddenColumn,
    ];

    /// A stable name, for reports.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "NAME",
            Self::GenderedWord => "GENDERED_WORD",
            Self::Year => "YEAR",
            Self::FirstEntry => "FIRST_ENTRY",
            Self::LeavingReason => "LEAVING_REASON",
            Self::LeavingCode => "LEAVING_CODE",
            Self::GapReason => "GAP_REASON",
            Self::Relatives => "RELATIVES",
            Self::Family => "FAMILY",
            Self::Age => "AGE",
            Self::Sex => "SEX",
            Self::Origin => "ORIGIN",
            Self::Belief => "BELIEF",
            Self::Union => "UNION",
            Self::Health => "HEALTH",
            Self::HiddenColumn => "HIDDEN_COLUMN",
        }
    }
}

/// A person as a file for the import would have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// As written and as read.
    pub name: PersonName,
    /// What matching may read.
    pub profile: Profile,
    /// The company's code of why the person left.
    pub leave_reason: &'static str,
    /// The company's code of how the person left.
    pub leaving_kind: &'static str,
    /// A column that has no place in the format.
    pub hidden: Option<(&'static str, &'static str)>,
}

/// The same person with one thing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// What was changed.
    pub kind: Kind,
    /// The person so changed.
    pub record: Record,
    /// What was put in, and where: invented text alone.
    pub said: String,
}

/// People who have to rank alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Whom the others are compared with.
    pub reference: Record,
    /// The others.
    pub twins: Vec<Twin>,
}

/// Most twins of one person: more would make a company of a few people.
const TWINS_PER_PERSON: usize = 10;

/// Length of service that is as good as any longer one, in months (A3).
const SERVICE_SATURATES_MONTHS: u32 = 60;

/// Room that a text needs for a statement, in characters.
const ROOM_CHARS: usize = 100;

/// Groups with `n_twins` twins in all, of people drawn from `people` whose texts have room for a statement; none of
/// nobody.
#[must_use]
pub fn groups(seed: u64, n_twins: usize, people: &[Profile]) -> Vec<Group> {
    let people: Vec<&Profile> = people.iter().filter(|profile| has_room(profile)).collect();
    let mut groups = Vec::new();
    let mut left = n_twins;
    let mut stream = 0;
    while left > 0 && !people.is_empty() {
        let mut random = Random::new(seed, stream);
        let person = (*random.pick(&people)).clone();
        // Every other group swaps one wording for another, which needs a reference of its own.
        let mut group = if stream % 2 == 0 {
            with_additions(&mut random, person)
        } else {
            with_swaps(&mut random, person)
        };
        group.twins.truncate(left);
        left -= group.twins.len();
        stream += 1;
        groups.push(group);
    }
    groups
}

fn has_room(profile: &Profile) -> bool {
    let fits = |text: &str, max: usize| text.chars().count() + ROOM_CHARS <= max;
    let fits_all = |text: &Option<String>, max| text.as_deref().is_none_or(|text| fits(text, max));
    let first = profile.tenures.first();
    let after = profile.career_after.first();
    fits_all(&profile.headline, limits::HEADLINE_CHARS_MAX)
        && fits_all(&profile.summary, limits::SUMMARY_CHARS_MAX)
        && profile.skills.len() < limits::SKILLS_MAX
        && first.is_none_or(|one| {
            fits(&one.title, limits::UNIT_CHARS_MAX)
                && fits(&one.description, limits::PERIOD_DESCRIPTION_CHARS_MAX)
        })
        && after.is_none_or(|one| fits(&one.description, limits::PERIOD_DESCRIPTION_CHARS_MAX))
}

fn reference(random: &mut Random, profile: Profile) -> Record {
    let (kanji, kana) = *random.pick(NAMES);
    Record {
        name: name(kanji, kana),
        profile,
        leave_reason: LEAVING_CODES[0],
        leaving_kind: LEAVING_KINDS[0],
        hidden: None,
    }
}

fn name(kanji: &str, kana: &str) -> PersonName {
    PersonName {
        kanji: kanji.to_owned(),
        kana: Some(kana.to_owned()),
    }
}

/// Twins with something added that is not to be read, or with something changed that is no text.
fn with_additions(random: &mut Random, profile: Profile) -> Group {
    let reference = reference(random, profile);
    let mut twins: Vec<Twin> = vec![
        renamed(random, &reference),
        left_otherwise(random, &reference),
        with_hidden_column(random, &reference),
    ];
    twins.extend(entered_earlier(random, &reference));
    while twins.len() < TWINS_PER_PERSON {
        twins.push(saying_more(random, &reference));
    }
    Group { reference, twins }
}

fn renamed(random: &mut Random, reference: &Record) -> Twin {
    let (kanji, kana) = *random.pick(NAMES);
    Twin {
        kind: Kind::Name,
        record: Record {
            name: name(kanji, kana),
            ..reference.clone()
        },
        said: format!("name: {kanji}"),
    }
}

fn left_otherwise(random: &mut Random, reference: &Record) -> Twin {
    let (reason, kind) = (*random.pick(LEAVING_CODES), *random.pick(LEAVING_KINDS));
    Twin {
        kind: Kind::LeavingCode,
        record: Record {
            leave_reason: reason,
            leaving_kind: kind,
            ..reference.clone()
        },
        said: format!("leaveReason: {reason}, leavingKind: {kind}"),
    }
}

fn with_hidden_column(random: &mut Random, reference: &Record) -> Twin {
    let (column, value) = *random.pick(HIDDEN);
    Twin {
        kind: Kind::HiddenColumn,
        record: Record {
            hidden: Some((column, value)),
            ..reference.clone()
        },
        said: format!("{column}: {value}"),
    }
}

/// Somebody who came years earlier; `None` where no tenure is five years long.
fn entered_earlier(random: &mut Random, reference: &Record) -> Option<Twin> {
    let mut record = reference.clone();
    let first = record
        .profile
        .tenures
        .iter_mut()
        .min_by_key(|tenure| tenure.from)?;
    let until = first.to?;
    if first.from > until || first.from.months_until(until) < SERVICE_SATURATES_MONTHS {
        return None;
    }
    let earlier = 1 + random.below(12) as i32;
    first.from = YearMonth::new(first.from.year() - earlier, first.from.month())?;
    let said = format!("first entry {earlier} years earlier");
    Some(Twin {
        kind: Kind::FirstEntry,
        record,
        said,
    })
}

/// Somebody who says one thing more.
fn saying_more(random: &mut Random, reference: &Record) -> Twin {
    let is_english = random.is_one_in(6);
    let (kind, statement) = if is_english {
        line(random, STATED_IN_ENGLISH)
    } else {
        line(random, STATED)
    };
    let (sentence, clause) = statement.split_once('|').unwrap_or((statement, ""));
    let mut record = reference.clone();
    let said = loop {
        if let Some(said) = put(random, &mut record.profile, sentence, clause, is_english) {
            break said;
        }
    };
    Twin { kind, record, said }
}

fn line(random: &mut Random, table: &[(Kind, &'static str)]) -> (Kind, &'static str) {
    let (kind, lines) = random.pick(table);
    let lines: Vec<&'static str> = lines.lines().collect();
    (*kind, *random.pick(&lines))
}

/// People who tell of the same work in other words: the first wording is the reference.
fn with_swaps(random: &mut Random, profile: Profile) -> Group {
    let (kind, wordings) = random.pick(SWAPPED);
    let wordings: Vec<&str> = wordings.split('/').collect();
    let reference = reference(random, profile);
    let place = random.next();
    let told = |wording: &str| {
        let mut record = reference.clone();
        // The same draw for each: all say it in the same place.
        let mut random = Random::new(place, 0);
        let said = loop {
            let is_english = wording.is_ascii();
            if let Some(said) = put(&mut random, &mut record.profile, wording, "", is_english) {
                break said;
            }
        };
        (record, said)
    };
    let (first, _) = told(wordings[0]);
    let twins = wordings[1..].iter().map(|wording| {
        let (record, said) = told(wording);
        Twin {
            kind: *kind,
            record,
            said,
        }
    });
    let twins = twins.collect();
    Group {
        reference: first,
        twins,
    }
}

/// Puts a statement into a profile; `None` where the place that was drawn is not there.
fn put(
    random: &mut Random,
    profile: &mut Profile,
    sentence: &str,
    clause: &str,
    is_english: bool,
) -> Option<String> {
    let mark = if is_english { ". " } else { "。" };
    let with_mark = format!("{sentence}{mark}");
    let (place, said) = match random.below(8) {
        0 => {
            let headline = profile.headline.as_mut()?;
            *headline = if random.is_one_in(2) {
                format!("{headline}／{sentence}")
            } else {
                format!("{sentence}／{headline}")
            };
            ("headline", sentence)
        }
        1 => {
            profile.skills.push(sentence.to_owned());
            ("skills", sentence)
        }
        2 if !clause.is_empty() => {
            let summary = profile.summary.as_mut()?;
            *summary = into(random, summary, clause, false);
            ("summary, clause", clause)
        }
        3 => {
            let tenure = profile.tenures.first_mut()?;
            tenure.description = into(random, &tenure.description, &with_mark, true);
            ("tenure", sentence)
        }
        4 => {
            let position = profile.career_after.first_mut()?;
            position.description = into(random, &position.description, &with_mark, true);
            ("careerAfter", sentence)
        }
        5 if !clause.is_empty() => {
            let position = profile.career_after.first_mut()?;
            position.description = into(random, &position.description, clause, false);
            ("careerAfter, clause", clause)
        }
        6 => {
            let title = &mut profile.tenures.first_mut()?.title;
            *title = format!("{title}（{sentence}）");
            ("title", sentence)
        }
        _ => {
            let summary = profile.summary.get_or_insert_default();
            *summary = into(random, summary, &with_mark, true);
            ("summary", sentence)
        }
    };
    Some(format!("{place}: {said}"))
}

/// A statement before one of the sentences of a text, or, where it may stand there, behind the last.
fn into(random: &mut Random, text: &str, statement: &str, may_end: bool) -> String {
    let mut starts: Vec<usize> = text::sentences(text)
        .into_iter()
        .map(|range| range.start)
        .collect();
    if (may_end && text.ends_with(['。', '！', '？', '.'])) || starts.is_empty() {
        starts.push(text.len());
    }
    let at = *random.pick(&starts);
    format!("{}{statement}{}", &text[..at], &text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words and concepts of a summary that ranking reads, with the writer's distance.
    fn read(summary: &str) -> Vec<(String, crate::features::distance::Distance)> {
        let profile = Profile {
            summary: Some(summary.to_owned()),
            ..Profile::default()
        };
        let analyzed = crate::features::analysis::profile(&crate::text::testing::analyzer(), &profile);
        let terms: Vec<&str> = analyzed.terms().collect();
        let occurrences = analyzed
            .passages()
            .iter()
            .flat_map(|passage| analyzed.occurrences(passage));
        occurrences
            .filter(|one| one.private.is_none())
            .map(|one| (terms[usize::from(one.term)].to_owned(), one.distance))
            .collect()
    }

    #[test]
    fn the_rest_of_a_text_is_read_as_if_nothing_had_been_said_between() {
        let text = "新卒採用の面接を部長に任せていました。広報からサステナビリティ推進室へ移り、講師も務めました。品川から島根に移住して7年目、いまは人事制度の設計を支援しています。";
        let starts: Vec<usize> = text::sentences(text)
            .into_iter()
            .map(|range| range.start)
            .collect();
        let plain = read(text);
        let said = [
            "出産を機に青葉を離れ、",
            "専業主婦を経て、",
            "母の介護に専念し、",
            "平成生まれです。",
            "I am a single father. ",
            "I left Aoba for family reasons. ",
            "I took three years off to raise my children. ",
        ];
        for said in said {
            for at in &starts {
                let more = format!("{}{said}{}", &text[..*at], &text[*at..]);
                assert_eq!(read(&more), plain, "{more}");
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_twins_and_each_differs_from_its_reference() {
        let profile = Profile {
            headline: Some("経理".to_owned()),
            summary: Some("決算を担当。税務も担当。".to_owned()),
            ..Profile::default()
        };
        let people = [profile];
        let some = groups(7, 300, &people);
        assert_eq!(some, groups(7, 300, &people));
        assert_ne!(some, groups(8, 300, &people));
        assert_eq!(some.iter().map(|group| group.twins.len()).sum::<usize>(), 300);
        for group in &some {
            for twin in group
                .twins
                .iter()
                .filter(|twin| !matches!(twin.kind, Kind::Name | Kind::LeavingCode))
            {
                assert_ne!(twin.record, group.reference, "{}", twin.said);
            }
        }
        assert_eq!(groups(7, 300, &[]), []);
    }
}
