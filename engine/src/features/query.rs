//! An opportunity compiled against a company's vocabulary: which terms to look for, and what each is worth.

use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::Subject;
use super::analysis::{AnalyzedOpportunity, Wanted, WantedThing, concept_of, concept_term};
use super::borne::Borne;
use super::concepts::{ConceptBag, WeighedBag};
use super::field::ProfileField;
use super::latent::LatentSpace;
use super::level::{self, AskedLevel};
use super::lived::LivedExperience;
use super::matching::Match;
use super::needs::{self, Hit, Need, NeedShares};
use super::stance;
use super::vocabulary::Vocabulary;
use crate::domain::Profile;
use crate::thesaurus::{ConceptId, Kind, Relation, Thesaurus};

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

/// What a word that the thesaurus does not know weighs against a concept.
const WORD_NEED_FACTOR: f32 = 0.6;

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
    /// Indices into [`Compiled::terms`], distinct.
    pub terms: Vec<u16>,
    /// Sum of the terms' rarity.
    pub idf_sum: f32,
}

/// An opportunity with what it was compiled to.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// What was compiled.
    pub opportunity: &'a AnalyzedOpportunity,
    compiled: Arc<Compiled>,
}

impl Deref for Query<'_> {
    type Target = Compiled;

    fn deref(&self) -> &Compiled {
        &self.compiled
    }
}

impl<'a> Query<'a> {
    /// Joins an opportunity with what it was compiled to.
    #[must_use]
    pub fn new(opportunity: &'a AnalyzedOpportunity, compiled: Arc<Compiled>) -> Self {
        Self {
            opportunity,
            compiled,
        }
    }
}

/// What an opportunity asks for, in the numbers of a company's vocabulary.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Distinct terms.
    pub terms: Vec<QueryTerm>,
    /// Parts, each with at least one term.
    pub parts: Vec<QueryPart>,
    /// What is asked for, thing by thing.
    pub needs: Vec<Need>,
    /// By need: what it counts among the others.
    pub shares: Box<[NeedShares]>,
    /// How many parts each group of parts has, by [`needs::Asked`].
    pub n_parts: [f32; needs::Asked::COUNT],
    /// By term: what it weighs in the relevance of the whole text, its rarity counted in.
    pub relevances: Box<[f32]>,
    /// These together.
    pub relevance_sum: f32,
    /// Which clauses on a person's own circumstances may be read.
    pub lived: LivedExperience,
    /// Mean profile length, for the relevance of the whole text.
    pub mean_length: f32,
    /// The place in the latent space; empty where there is none.
    pub latent: Box<[f32]>,
    /// What it names, with what lies around it.
    pub concepts: WeighedBag,
    /// Levels that must-haves, nice-to-haves and sentences on the person wanted ask for.
    pub levels: Vec<AskedLevel>,
    stances: stance::Asked,
    excluded: Excluded,
    lookup: Lookup,
    hits: Hits,
}

/// What the excluded clauses alone say, and nothing that is asked for.
#[derive(Clone, Debug, Default)]
struct Excluded {
    /// Terms, by number, with their rarity.
    terms: Box<[(u16, f32)]>,
    /// The sum of these.
    idf_sum: f32,
}

impl Excluded {
    fn of(parts: &[QueryPart], terms: &[QueryTerm]) -> Self {
        let part = parts.iter().find(|part| part.wanted == Wanted::Excluded);
        let numbers = part.into_iter().flat_map(|part| part.terms.iter().copied());
        let own = numbers.filter(|number| terms[usize::from(*number)].parts.len() == 1);
        let terms: Box<[(u16, f32)]> = own
            .map(|number| (number, terms[usize::from(number)].idf))
            .collect();
        Self {
            idf_sum: terms.iter().map(|(_, idf)| idf).sum(),
            terms,
        }
    }
}

/// What each term says about which needs, one behind the other, so that whoever reads a profile jumps to a place for each
/// term that it has and reads on from there.
#[derive(Clone, Debug, Default)]
struct Hits {
    all: Vec<Hit>,
    /// By term: where its own end.
    ends: Vec<u32>,
}

impl Hits {
    /// - `hits`: with the number of the term, in any order; those of one term stay in theirs
    fn new(mut hits: Vec<(u16, Hit)>, n_terms: usize) -> Self {
        hits.sort_by_key(|(number, _)| *number);
        let end = |number: usize| hits.partition_point(|(one, _)| usize::from(*one) <= number) as u32;
        Self {
            ends: (0..n_terms).map(end).collect(),
            all: hits.into_iter().map(|(_, hit)| hit).collect(),
        }
    }

    fn of(&self, number: u16) -> &[Hit] {
        let number = usize::from(number);
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start as usize..self.ends[number] as usize]
    }
}

/// The places of terms among a query's, by their numbers in the vocabulary: open addressing, half empty, so that whoever
/// reads a profile looks in a few kilobytes that stay close, however large the vocabulary is.
#[derive(Clone, Debug, Default)]
struct Lookup {
    slots: Box<[(u32, u16)]>,
    /// How many bits of a hash are dropped.
    shift: u32,
    /// A bit for each of eight times as many hashes as there are terms, set where there is one: most terms of a profile are
    /// none of a query's, and a feed that looks for them in a thousand queries reads a few lines of each.
    filter: Box<[u64]>,
    filter_shift: u32,
}

impl Lookup {
    fn new(terms: &[QueryTerm]) -> Self {
        let n_slots = (2 * terms.len()).next_power_of_two().max(2);
        let n_bits = (8 * terms.len()).next_power_of_two().max(u64::BITS as usize);
        let mut lookup = Self {
            slots: vec![(0, ABSENT); n_slots].into(),
            shift: u32::BITS - n_slots.trailing_zeros(),
            filter: vec![0; n_bits / u64::BITS as usize].into(),
            filter_shift: u32::BITS - n_bits.trailing_zeros(),
        };
        for (number, term) in terms.iter().enumerate() {
            if let Some(id) = term.id {
                let hash = Self::hash(id);
                let (word, bit) = lookup.filter_at(hash);
                lookup.filter[word] |= bit;
                let mut at = (hash >> lookup.shift) as usize;
                while lookup.slots[at].1 != ABSENT {
                    at = (at + 1) % n_slots;
                }
                lookup.slots[at] = (id, number as u16);
            }
        }
        lookup
    }

    /// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): the first bits are spread best.
    fn hash(id: u32) -> u32 {
        id.wrapping_mul(0x9E37_79B9)
    }

    /// Which word of the filter a hash has its bit in, and the bit.
    fn filter_at(&self, hash: u32) -> (usize, u64) {
        let bit = hash >> self.filter_shift;
        ((bit / u64::BITS) as usize, 1 << (bit % u64::BITS))
    }

    fn get(&self, id: u32) -> u16 {
        let hash = Self::hash(id);
        let (word, bit) = self.filter_at(hash);
        if self.filter[word] & bit == 0 {
            return ABSENT;
        }
        let mask = self.slots.len() - 1;
        let mut at = (hash >> self.shift) as usize;
        loop {
            let (found, number) = self.slots[at];
            if number == ABSENT || found == id {
                return number;
            }
            at = (at + 1) & mask;
        }
    }
}

/// Marks a term of the vocabulary that the query does not have.
pub(super) const ABSENT: u16 = u16::MAX;

impl Compiled {
    /// Compiles an opportunity against a vocabulary, with its place in a latent space.
    #[must_use]
    pub fn new(opportunity: &AnalyzedOpportunity, vocabulary: &Vocabulary, space: &LatentSpace) -> Self {
        let mut query = Self {
            terms: Vec::new(),
            parts: Vec::new(),
            needs: Vec::new(),
            shares: Box::default(),
            n_parts: [0.0; needs::Asked::COUNT],
            relevances: Box::default(),
            relevance_sum: 0.0,
            lived: LivedExperience::asked_by(&opportunity.opportunity),
            mean_length: vocabulary.mean_length(),
            latent: Box::default(),
            concepts: WeighedBag::new(
                &ConceptBag::of_opportunity(opportunity),
                vocabulary.concepts().rarities(),
            ),
            levels: level::asked_by(opportunity),
            stances: stance::Asked::by(opportunity),
            excluded: Excluded::default(),
            lookup: Lookup::default(),
            hits: Hits::default(),
        };
        let mut hits: Vec<(u16, Hit)> = Vec::new();
        let mut numbers: HashMap<String, u16> = HashMap::new();
        for clause in &opportunity.clauses {
            for term in &clause.terms {
                if query.terms.len() >= usize::from(ABSENT) {
                    break;
                }
                let number = *numbers.entry(term.clone()).or_insert_with(|| {
                    query.terms.push(term_of(term, vocabulary));
                    query.terms.len() as u16 - 1
                });
                query.join(clause.wanted, number);
            }
        }
        // The same thing twice in one part, under two names, is one need.
        let mut known: HashSet<(Wanted, &[String])> = HashSet::new();
        for clause in &opportunity.clauses {
            for thing in &clause.things {
                let named = if thing.concepts.is_empty() {
                    &thing.words
                } else {
                    &thing.concepts
                };
                if known.insert((clause.wanted, named)) {
                    let is_lived = query.is_lived(opportunity, clause.wanted);
                    hits.extend(query.add_need(clause.wanted, thing, is_lived, vocabulary, &mut numbers));
                }
            }
        }
        query.shares = needs::shares(&query.needs);
        query.n_parts = needs::n_parts(&query.shares);
        query.relevances = query.terms.iter().map(|term| term.weight * term.idf).collect();
        query.relevance_sum = query.relevances.iter().sum();
        query.excluded = Excluded::of(&query.parts, &query.terms);
        query.lookup = Lookup::new(&query.terms);
        query.hits = Hits::new(hits, query.terms.len());
        for part in &mut query.parts {
            part.idf_sum = part.terms.iter().map(|n| query.terms[usize::from(*n)].idf).sum();
        }
        query.latent = space.place_query(&query);
        query
    }

    /// Adds one thing that a clause names, once for each part. Returns the terms that say something about it, by number.
    fn add_need(
        &mut self,
        wanted: Wanted,
        thing: &WantedThing,
        is_lived: bool,
        vocabulary: &Vocabulary,
        numbers: &mut HashMap<String, u16>,
    ) -> Vec<(u16, Hit)> {
        let Ok(need) = u16::try_from(self.needs.len()) else {
            return Vec::new();
        };
        let mut number_of = |query: &mut Self, term: &str| -> Option<u16> {
            if let Some(number) = numbers.get(term) {
                return Some(*number);
            }
            if query.terms.len() >= usize::from(ABSENT) {
                return None;
            }
            let number = query.terms.len() as u16;
            query.terms.push(term_of(term, vocabulary));
            numbers.insert(term.to_owned(), number);
            Some(number)
        };
        let mut hits: Vec<(u16, Hit)> = Vec::new();
        let thesaurus = Thesaurus::bundled();
        let mut rarity = f32::INFINITY;
        let mut damping = 1.0_f32;
        let concepts: Vec<ConceptId> = thing
            .concepts
            .iter()
            .filter_map(|term| thesaurus.find(concept_of(term)?))
            .collect();
        for concept in concepts.iter().copied() {
            let asked = thesaurus.concept(concept);
            damping = damping.min(match asked.kind {
                Kind::Work if asked.is_area => 0.5,
                Kind::Title => 0.4,
                Kind::Industry | Kind::Place => 0.7,
                Kind::Work | Kind::Qualification | Kind::Tool | Kind::Language | Kind::Theme => 1.0,
            });
            for (relative, relation) in thesaurus.relatives(concept) {
                let term = concept_term(&thesaurus.concept(*relative).id);
                // What no profile names needs no number, but for what is asked for itself.
                if *relation != Relation::Same && vocabulary.find(&term).is_none() {
                    continue;
                }
                let Some(number) = number_of(self, &term) else {
                    continue;
                };
                let factor = needs::relation_factor(*relation, asked.is_area);
                if matches!(relation, Relation::Same | Relation::Narrower(_)) {
                    rarity = rarity.min(self.terms[usize::from(number)].idf);
                }
                hits.push((
                    number,
                    Hit {
                        need,
                        factor,
                        is_word: false,
                    },
                ));
            }
        }
        let is_concept = !thing.concepts.is_empty();
        let mut words: Vec<u16> = thing
            .words
            .iter()
            .filter_map(|word| number_of(self, word))
            .collect();
        words.sort_unstable();
        words.dedup();
        let is_generic = words
            .iter()
            .all(|word| self.terms[usize::from(*word)].damping < 1.0);
        let idf_sum: f32 = words.iter().map(|word| self.terms[usize::from(*word)].idf).sum();
        let words_factor = if is_concept { needs::WORDS_FACTOR } else { 1.0 };
        for word in words {
            let share = if idf_sum > 0.0 {
                self.terms[usize::from(word)].idf / idf_sum
            } else {
                0.0
            };
            hits.push((
                word,
                Hit {
                    need,
                    factor: words_factor * share,
                    is_word: true,
                },
            ));
        }
        let weight = if is_concept {
            rarity * damping
        } else {
            idf_sum * WORD_NEED_FACTOR
        };
        if weight <= 0.0 {
            return Vec::new();
        }
        self.needs.push(Need {
            wanted,
            weight,
            stretch: thing.stretch.clone(),
            concepts,
            is_generic: !is_concept && is_generic,
            is_lived,
            narrowest: OnceLock::new(),
        });
        hits
    }

    /// Whether a part asks for lived experience.
    fn is_lived(&self, opportunity: &AnalyzedOpportunity, wanted: Wanted) -> bool {
        let Wanted::MustHave(idx) = wanted else {
            return false;
        };
        let text = opportunity.opportunity.required_skills.get(usize::from(idx));
        text.is_some_and(|text| LivedExperience::named_in(text).may_be_read_for(self.lived))
    }

    /// Whether a person does now what is asked for, rather than standing around it; see [`stance`].
    #[must_use]
    pub fn does_now(&self, subject: Subject<'_>) -> bool {
        self.stances.is_taken_now(subject.stances)
    }

    /// What tells that a person stands around the work now, if anything does.
    #[must_use]
    pub fn told_stance<'p>(&self, profile: &'p Profile) -> Option<stance::ToldStance<'p>> {
        self.stances.told_in(profile)
    }

    /// Whether a person does it in one tenure or position.
    #[must_use]
    pub fn does_in(&self, subject: Subject<'_>, field: ProfileField, entry: u16) -> bool {
        self.stances.is_taken_in(subject.stances, field, entry)
    }

    /// Whether the person does the work itself; see [`stance`]. Who stands around it now counts by what the jobs show
    /// in which they did not. For a speaker slot that asks for lived experience: whether the person tells of it as
    /// their own.
    #[must_use]
    pub fn hands_on(&self, subject: Subject<'_>, borne: &Borne) -> f32 {
        if self.lived != LivedExperience::NONE {
            return if self.is_own(subject) { 1.0 } else { 0.0 };
        }
        if self.does_now(subject) {
            return 1.0;
        }
        let hands_on_jobs = borne.jobs.iter().filter(|job| job.does_it);
        hands_on_jobs.map(|job| job.likeness()).fold(0.0, f32::max)
    }

    /// Whether the person tells of the lived experience that is asked for as their own.
    #[must_use]
    pub fn is_own(&self, subject: Subject<'_>) -> bool {
        subject.digest.own_experience.may_be_read_for(self.lived)
    }

    /// The index in [`Self::terms`] of a term of the vocabulary.
    #[must_use]
    pub fn find(&self, id: u32) -> Option<u16> {
        let number = self.number(id);
        (number != ABSENT).then_some(number)
    }

    /// What a term says about which needs.
    ///
    /// - `number`: its index in [`Self::terms`]
    #[must_use]
    pub fn hits_of(&self, number: u16) -> &[Hit] {
        self.hits.of(number)
    }

    /// As [`Self::find`], as a bare number, [`ABSENT`] for a term that the query does not have.
    pub(super) fn number(&self, id: u32) -> u16 {
        self.lookup.get(id)
    }

    /// Whether it asks for any of the company's own names, its unit and its products.
    #[must_use]
    pub fn asks_for_names(&self) -> bool {
        self.parts.iter().any(|part| part.wanted.is_name())
    }

    /// The names of the company's own that a term is part of, its unit and its products, each with the share of the
    /// name that it makes up.
    pub fn shares_of_names(&self, term: &QueryTerm) -> impl Iterator<Item = (Wanted, f32)> {
        let parts = term.parts.iter().map(|part| &self.parts[usize::from(*part)]);
        let names = parts.filter(|part| part.wanted.is_name());
        let told = names.filter(|part| part.idf_sum > 0.0);
        told.map(|part| (part.wanted, term.idf / part.idf_sum))
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
        let Excluded { terms, idf_sum } = &self.excluded;
        if *idf_sum <= 0.0 {
            return 0.0;
        }
        let matched: f32 = terms
            .iter()
            .map(|(number, idf)| idf * found.saturated(*number))
            .sum();
        matched / idf_sum
    }
}

/// Whether a word is in every advertisement.
pub(super) fn is_generic(word: &str) -> bool {
    GENERIC.contains(&word)
}

fn term_of(term: &str, vocabulary: &Vocabulary) -> QueryTerm {
    let id = vocabulary.find(term);
    let factor = if is_generic(term) { GENERIC_FACTOR } else { 1.0 };
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
        Wanted::Excluded | Wanted::Department | Wanted::Product(_) => 0.0,
    }
}
