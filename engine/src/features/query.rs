//! An opportunity compiled against a company's vocabulary: which terms to look for, and what each is worth.

use std::collections::HashMap;

use super::Subject;
use super::analysis::{AnalyzedOpportunity, Wanted};
use super::latent::LatentSpace;
use super::level::{self, AskedLevel};
use super::lived::LivedExperience;
use super::matching::Match;
use super::stance;
use super::vocabulary::Vocabulary;

/// Words that every advertisement uses: worth little whatever their frequency among profiles.
const GENERIC: &[&str] = &[
    "経験",
    "業務",
    "方",
    "歓迎",
    "対応",
    "担当",
    "仕事",
    "実務",
    "知識",
    "知見",
    "能力",
    "スキル",
    "理解",
    "関連",
    "必要",
    "可能",
    "以上",
    "程度",
    "等",
    "など",
    "者",
    "人",
    "会社",
    "社員",
    "当社",
    "弊社",
    "お願い",
    "募集",
    "内容",
    "場合",
    "全般",
    "基本",
    "基礎",
    "各種",
    "中心",
    "他",
    "自分",
    "自身",
    "本人",
    "いただく",
    "できる",
    "する",
    "ある",
    "いる",
    "なる",
    "お",
    "ご",
    "青葉",
    "今",
    "今回",
    "こと",
    "もの",
    "年",
    "月",
    "週",
    "日",
    "時間",
    "分",
    "回",
    "名",
    "社",
    "度",
    "円",
    "有",
    "無",
    "使う",
    "持つ",
    "行う",
    "思う",
    "活用",
    "推進",
    "力",
    "的",
    "性",
    "化",
    "上",
    "中",
    "下",
    "内",
    "外",
    "前",
    "後",
    "間",
    "際",
    "実際",
    "一緒",
    "ください",
    "くださる",
    "来る",
    "行く",
    "見る",
    "言う",
    "考える",
    "作る",
    "体験",
    "実体験",
];

/// What a generic word is worth against any other. Chosen by hand on the golden cases.
const GENERIC_FACTOR: f32 = 0.15;

/// Weights of the parts in the relevance of the whole text. Title and must-haves as in the published baseline; the
/// rest chosen on the demonstration collection.
const TITLE_WEIGHT: f32 = 3.0;
const MUST_HAVE_WEIGHT: f32 = 2.0;
const NICE_TO_HAVE_WEIGHT: f32 = 1.0;
const PERSON_WEIGHT: f32 = 0.8;
const DESCRIPTION_WEIGHT: f32 = 0.5;

/// One term to look for.
#[derive(Clone, Debug)]
pub struct QueryTerm {
    /// Its number in the vocabulary; `None` when no profile uses it.
    pub id: Option<u32>,
    /// Rarity among the profiles, generic words damped.
    pub idf: f32,
    /// The damping alone: 1, or less for a generic word.
    pub damping: f32,
    /// Weight in the relevance of the whole text, from where it stands; 0 when it stands only in excluded clauses.
    pub weight: f32,
    /// The parts that it belongs to.
    pub parts: Vec<u16>,
}

/// A part of the opportunity that is covered or not as one: the title, one must-have ...
#[derive(Clone, Debug)]
pub struct QueryPart {
    /// Which.
    pub wanted: Wanted,
    /// Indices into [`Query::terms`], distinct.
    pub terms: Vec<u16>,
    /// Sum of the terms' rarity.
    pub idf_sum: f32,
}

/// A compiled opportunity.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// What was compiled.
    pub opportunity: &'a AnalyzedOpportunity,
    /// Distinct terms.
    pub terms: Vec<QueryTerm>,
    /// Parts, each with at least one term.
    pub parts: Vec<QueryPart>,
    /// Which clauses on a person's own circumstances may be read.
    pub lived: LivedExperience,
    /// Mean profile length, for the relevance of the whole text.
    pub mean_length: f32,
    /// The place in the latent space; empty where there is none.
    pub latent: Box<[f32]>,
    /// Levels that the must-haves ask for.
    pub levels: Vec<AskedLevel>,
    stances: stance::Asked,
    lookup: Vec<u16>,
}

/// Marks a term of the vocabulary that the query does not have.
const ABSENT: u16 = u16::MAX;

impl<'a> Query<'a> {
    /// Compiles an opportunity against a vocabulary.
    #[must_use]
    pub fn new(opportunity: &'a AnalyzedOpportunity, vocabulary: &Vocabulary) -> Self {
        let mut query = Self {
            opportunity,
            terms: Vec::new(),
            parts: Vec::new(),
            lived: LivedExperience::asked_by(&opportunity.opportunity),
            mean_length: vocabulary.mean_length(),
            latent: Box::default(),
            levels: level::asked_by(&opportunity.opportunity),
            stances: stance::Asked::by(opportunity),
            lookup: vec![ABSENT; vocabulary.len()],
        };
        let mut numbers: HashMap<&str, u16> = HashMap::new();
        for clause in &opportunity.clauses {
            for term in &clause.terms {
                if query.terms.len() >= usize::from(ABSENT) {
                    break;
                }
                let number = *numbers.entry(term).or_insert_with(|| {
                    query.terms.push(term_of(term, vocabulary));
                    query.terms.len() as u16 - 1
                });
                query.join(clause.wanted, number);
            }
        }
        for (number, term) in query.terms.iter().enumerate() {
            if let Some(id) = term.id {
                query.lookup[id as usize] = number as u16;
            }
        }
        for part in &mut query.parts {
            part.idf_sum = part.terms.iter().map(|n| query.terms[usize::from(*n)].idf).sum();
        }
        query
    }

    /// Gives the query its place in a latent space.
    #[must_use]
    pub fn placed_in(mut self, space: &LatentSpace) -> Self {
        self.latent = space.place_query(&self);
        self
    }

    /// Whether the person does the work itself; see [`stance`]. For a speaker slot that asks for lived experience:
    /// whether the person tells of it as their own.
    #[must_use]
    pub fn hands_on(&self, subject: Subject<'_>) -> f32 {
        if self.lived == LivedExperience::NONE {
            return self.stances.fit(subject.stances);
        }
        let is_own = subject.profile.own_experience().may_be_read_for(self.lived);
        if is_own { 1.0 } else { 0.0 }
    }

    /// The index in [`Self::terms`] of a term of the vocabulary. Terms numbered after the query was compiled are
    /// not in it.
    #[must_use]
    pub fn find(&self, id: u32) -> Option<u16> {
        let number = self.lookup.get(id as usize).copied().unwrap_or(ABSENT);
        (number != ABSENT).then_some(number)
    }

    /// The weight of a term in what a single job can show: 1 in title and must-haves, less elsewhere.
    #[must_use]
    pub fn core_weight(&self, term: &QueryTerm) -> f32 {
        let weights = term
            .parts
            .iter()
            .map(|part| match self.parts[usize::from(*part)].wanted {
                Wanted::Title | Wanted::MustHave(_) => 1.0,
                Wanted::NiceToHave(_) => 0.5,
                Wanted::Person | Wanted::Description => 0.2,
                Wanted::Department | Wanted::Excluded => 0.0,
            });
        weights.fold(0.0, f32::max)
    }

    /// The weighted rarity that a single job would have if it showed everything.
    #[must_use]
    pub fn core_idf_sum(&self) -> f32 {
        self.terms
            .iter()
            .map(|term| self.core_weight(term) * term.idf)
            .sum()
    }

    /// The share of the offering unit's name that a term makes up; `None` when it is no part of the name.
    #[must_use]
    pub fn unit_share(&self, term: &QueryTerm) -> Option<f32> {
        let is_unit = |part: &&u16| self.parts[usize::from(**part)].wanted == Wanted::Department;
        let part = term.parts.iter().find(is_unit)?;
        let idf_sum = self.parts[usize::from(*part)].idf_sum;
        (idf_sum > 0.0).then(|| term.idf / idf_sum)
    }

    /// Adds a term to a part, making the part if need be.
    fn join(&mut self, wanted: Wanted, number: u16) {
        let part_idx = match self.parts.iter().position(|part| part.wanted == wanted) {
            Some(idx) => idx,
            None => {
                self.parts.push(QueryPart {
                    wanted,
                    terms: Vec::new(),
                    idf_sum: 0.0,
                });
                self.parts.len() - 1
            }
        };
        let part = &mut self.parts[part_idx];
        if part.terms.contains(&number) {
            return;
        }
        part.terms.push(number);
        let term = &mut self.terms[usize::from(number)];
        term.parts.push(part_idx as u16);
        // The heaviest place counts once: a word that is in the title and in three must-haves is not six times
        // as important as its neighbour.
        term.weight = term.weight.max(weight_of(wanted)) + 0.25 * term.weight.min(weight_of(wanted));
    }

    /// How much of the excluded clauses the profile has, leaving out what is also asked for.
    #[must_use]
    pub fn excluded_coverage(&self, found: &Match) -> f32 {
        let Some(part) = self.parts.iter().find(|part| part.wanted == Wanted::Excluded) else {
            return 0.0;
        };
        let (mut sum, mut matched) = (0.0, 0.0);
        for number in &part.terms {
            let term = &self.terms[usize::from(*number)];
            if term.parts.len() == 1 {
                sum += term.idf;
                matched += term.idf * found.saturated(*number);
            }
        }
        if sum > 0.0 { matched / sum } else { 0.0 }
    }
}

fn term_of(term: &str, vocabulary: &Vocabulary) -> QueryTerm {
    let id = vocabulary.find(term);
    let factor = if GENERIC.contains(&term) {
        GENERIC_FACTOR
    } else {
        1.0
    };
    QueryTerm {
        id,
        idf: vocabulary.idf(id) * factor,
        damping: factor,
        weight: 0.0,
        parts: Vec::new(),
    }
}

const fn weight_of(wanted: Wanted) -> f32 {
    match wanted {
        Wanted::Title => TITLE_WEIGHT,
        Wanted::MustHave(_) => MUST_HAVE_WEIGHT,
        Wanted::NiceToHave(_) => NICE_TO_HAVE_WEIGHT,
        Wanted::Person => PERSON_WEIGHT,
        Wanted::Description => DESCRIPTION_WEIGHT,
        Wanted::Excluded | Wanted::Department => 0.0,
    }
}
