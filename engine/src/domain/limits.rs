//! How much a record may hold: the same for files and for what people type, so that whatever was imported can be
//! saved again.

/// Characters of the company's own number.
pub const EXTERNAL_ID_CHARS_MAX: usize = 64;

/// Characters of a name, kanji or kana: longer than any registered name.
pub const NAME_CHARS_MAX: usize = 100;

/// Characters of an e-mail address (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const EMAIL_CHARS_MAX: usize = 254;

/// Characters of the one-line introduction, as it fits a candidate card.
pub const HEADLINE_CHARS_MAX: usize = 200;

/// Characters of a self-introduction: some four pages of manuscript paper.
pub const SUMMARY_CHARS_MAX: usize = 4_000;

/// Skills, or qualifications, of one person.
pub const SKILLS_MAX: usize = 100;

/// Characters of one skill, qualification or language.
pub const SKILL_CHARS_MAX: usize = 100;

/// Languages of one person.
pub const LANGUAGES_MAX: usize = 30;

/// Periods at the company, or positions since: one a year over a whole working life.
pub const PERIODS_MAX: usize = 50;

/// Characters of a department, an organization or a title.
pub const UNIT_CHARS_MAX: usize = 200;

/// Characters of the subject of a member of staff's token, as tokens may have them.
pub const STAFF_SUBJECT_CHARS_MAX: usize = 200;

/// Characters of what a person did in one period.
pub const PERIOD_DESCRIPTION_CHARS_MAX: usize = 4_000;

/// Hours of a week.
pub const HOURS_PER_WEEK_MAX: u16 = 168;

/// Characters of an evaluation from the time at the company: some four pages of manuscript paper.
pub const EVALUATION_CHARS_MAX: usize = 4_000;

/// Characters of a reason for leaving, which nothing interprets, or of a kind of leaving or employment in a file.
pub const LEAVING_CHARS_MAX: usize = 200;

/// Characters of an opportunity's title.
pub const TITLE_CHARS_MAX: usize = 200;

/// Characters of an opportunity's description.
pub const DESCRIPTION_CHARS_MAX: usize = 10_000;

/// Must-haves, or nice-to-haves, of one opportunity.
pub const REQUIREMENTS_MAX: usize = 50;

/// Characters of one must-have: it may be a sentence.
pub const REQUIREMENT_CHARS_MAX: usize = 200;

/// Products of the company that one opportunity can name: what its title could carry, and few enough for a fixed array
/// in every match.
pub const PRODUCTS_MAX: usize = 5;

/// Characters of a product's name.
pub const PRODUCT_CHARS_MAX: usize = 60;

/// People wanted by one opportunity: more is a recruiting campaign and not an approach to alumni.
pub const SEATS_MAX: u32 = 10_000;

/// Characters of a standing wish, or of its conditions: half a page of manuscript paper, twice over.
pub const WISH_CHARS_MAX: usize = 1_000;

/// Characters of a change note: as much as a notice on a board.
pub const CHANGE_NOTE_CHARS_MAX: usize = 2_000;

/// Change notes of one company: one a week for ten years. Each match looks through all of them.
pub const CHANGE_NOTES_MAX: usize = 500;

/// Characters of pay, fee or honorarium as written.
pub const COMPENSATION_CHARS_MAX: usize = 500;

/// Characters of one language's text that people are asked to agree to: a page of manuscript paper, ten times over.
pub const CONSENT_TEXT_CHARS_MAX: usize = 4_000;

/// Characters of the name of a consent text's version; ours have at most 25.
pub const CONSENT_TEXT_VERSION_CHARS_MAX: usize = 64;
