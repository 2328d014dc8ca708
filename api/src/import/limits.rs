//! Every limit of an imported file, with its unit and its reason. Reaching one is an error that names it.

pub use okaeri_engine::domain::limits::{
    COMPENSATION_CHARS_MAX, DESCRIPTION_CHARS_MAX, EMAIL_CHARS_MAX, EVALUATION_CHARS_MAX,
    EXTERNAL_ID_CHARS_MAX, HEADLINE_CHARS_MAX, HOURS_PER_WEEK_MAX, LANGUAGES_MAX, LEAVING_CHARS_MAX,
    NAME_CHARS_MAX, PERIOD_DESCRIPTION_CHARS_MAX, PERIODS_MAX, PRODUCT_CHARS_MAX, PRODUCTS_MAX,
    REQUIREMENT_CHARS_MAX, REQUIREMENTS_MAX, SEATS_MAX, SKILL_CHARS_MAX, SKILLS_MAX, STAFF_SUBJECT_CHARS_MAX,
    SUMMARY_CHARS_MAX, TITLE_CHARS_MAX, UNIT_CHARS_MAX,
};
pub use okaeri_engine::domain::policy::{GROUP_COMPANY_CODE_CHARS_MAX, SEGMENT_CHARS_MAX};
use okaeri_engine::text::analyzer;

/// Bytes of one file: a hundred thousand full profiles take some 150 MB, and the file is read into memory.
pub const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Bytes of one row: the largest row that all other limits allow is below it, so a longer one is a broken file,
/// such as a quotation mark that is never closed.
pub const ROW_BYTES_MAX: usize = 1024 * 1024;

/// Errors kept in a report; the rest is counted. A file with more has one mistake in every row.
pub const ERRORS_MAX: usize = 1_000;

/// Characters of a wrong value that an error repeats: enough to find it, too little to spread personal data.
pub const VALUE_SHOWN_CHARS: usize = 40;

/// Words of a company's own: as many as the analysis takes.
pub const WORDS_MAX: usize = analyzer::USER_WORDS_MAX;

/// Characters of one such word: as many as the analysis takes.
pub const WORD_CHARS_MAX: usize = analyzer::USER_WORD_CHARS_MAX;

/// Fewest characters of one such word: the analysis prefers it to every other, and の would be cut out of ものづくり.
pub const WORD_CHARS_MIN: usize = 2;

/// Characters of its reading: four kana for a character, which few kanji exceed.
pub const WORD_READING_CHARS_MAX: usize = 4 * WORD_CHARS_MAX;
