//! What people are asked to agree to: the texts that come with the product, and a company's own in their place.
//!
//! - Nobody agrees to a text that is not the current one, and a text that somebody may have agreed to stays readable.
//! - A new text asks nobody anew: a consent holds for the text that it names until it is withdrawn.

use std::sync::LazyLock;

use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::limits::CONSENT_TEXT_CHARS_MAX;
use okaeri_engine::domain::{CompanyId, ConsentText, Purpose, Viewer};
use serde::Deserialize;

use super::validate::Checks;
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::{Reads, consent_texts};

/// The texts that come with the product.
const BUILT_IN: &str = include_str!("../../texts/consents.toml");

/// Texts of one purpose that a company may set: several a year for a century, and not what a loop would write.
const TEXTS_PER_PURPOSE_MAX: u64 = 1_000;

/// The file of built-in texts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    current: String,
    text: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    purpose: String,
    version: String,
    japanese: String,
    english: String,
}

struct BuiltIn {
    current: String,
    texts: Vec<ConsentText>,
}

static TEXTS: LazyLock<BuiltIn> = LazyLock::new(|| match read(BUILT_IN) {
    Ok(built_in) => built_in,
    Err(error) => panic!("the built-in consent texts are such: {error}"),
});

fn read(file: &str) -> Result<BuiltIn, String> {
    let file: File = toml::from_str(file).map_err(|error| error.to_string())?;
    let to_text = |entry: Entry| {
        let purpose =
            Purpose::from_code(&entry.purpose).ok_or_else(|| format!("{:?} is no purpose", entry.purpose))?;
        Ok::<_, String>(ConsentText {
            purpose,
            version: entry.version,
            japanese: entry.japanese.trim().to_owned(),
            english: entry.english.trim().to_owned(),
            published_at: None,
        })
    };
    let texts: Vec<ConsentText> = file.text.into_iter().map(to_text).collect::<Result<_, _>>()?;
    for purpose in Purpose::ALL {
        let is_it = |text: &&ConsentText| text.purpose == *purpose && text.version == file.current;
        let n_current = texts.iter().filter(is_it).count();
        if n_current != 1 {
            return Err(format!(
                "{} has {n_current} texts {}",
                purpose.code(),
                file.current
            ));
        }
    }
    Ok(BuiltIn {
        current: file.current,
        texts,
    })
}

/// The text of each purpose that people are asked with now, in the order of [`Purpose::ALL`]. One statement.
pub async fn list_current(db: &impl Reads, company_id: CompanyId) -> Result<Vec<ConsentText>, Fault> {
    let own = consent_texts::list_current(db, company_id).await?;
    let built_in = TEXTS.texts.iter().filter(|text| text.version == TEXTS.current);
    let mut texts: Vec<ConsentText> = built_in
        .filter(|text| !own.iter().any(|own| own.purpose == text.purpose))
        .cloned()
        .collect();
    texts.extend(own);
    texts.sort_by_key(|text| text.purpose);
    Ok(texts)
}

/// The texts with these names, current or not; unknown ones are left out. One statement.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    names: &[(Purpose, String)],
) -> Result<Vec<ConsentText>, Fault> {
    let versions: Vec<String> = names.iter().map(|(_, version)| version.clone()).collect();
    let mut texts = consent_texts::load(db, company_id, &versions).await?;
    texts.extend(TEXTS.texts.iter().cloned());
    texts.retain(|text| {
        let is_named =
            |(purpose, version): &(Purpose, String)| text.purpose == *purpose && text.version == *version;
        names.iter().any(is_named)
    });
    Ok(texts)
}

/// The version of the text that people are asked with now.
pub fn current_version(texts: &[ConsentText], purpose: Purpose) -> Result<&str, Fault> {
    let current = texts.iter().find(|text| text.purpose == purpose);
    current
        .map(|text| text.version.as_str())
        .ok_or_else(|| Fault::Broken(format!("there is no text for {}", purpose.code())))
}

/// Refuses a text that is not the current one, and says which is; `field` is to blame.
pub fn ensure_current(
    texts: &[ConsentText],
    purpose: Purpose,
    version: &str,
    field: &str,
) -> Result<(), Failure> {
    let current = current_version(texts, purpose)?;
    if current == version {
        return Ok(());
    }
    Err(Rejection::new(
        RejectionCode::ConsentTextOutdated,
        field,
        format!(
            "the text for {} is {current}: show that one and ask again",
            purpose.code()
        ),
        format!(
            "{}の同意文は{current}版です。表示し直して、改めて同意を確認してください",
            purpose.code()
        ),
    )
    .into())
}

/// A company's text in both languages, in the place of another.
#[derive(Clone, Debug)]
pub struct NewText {
    /// For what.
    pub purpose: Purpose,
    /// As people read it in Japanese.
    pub japanese: String,
    /// As people read it in English.
    pub english: String,
    /// The version that was read before the change.
    pub expected_version: String,
}

/// Sets what people are asked to agree to from now on.
pub async fn update(app: &App, viewer: &Viewer, new: NewText) -> Result<ConsentText, Failure> {
    let mut checks = Checks::default();
    checks.line("japanese", &new.japanese, CONSENT_TEXT_CHARS_MAX);
    checks.line("english", &new.english, CONSENT_TEXT_CHARS_MAX);
    checks.finish()?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let current = list_current(&tx, viewer.company_id).await?;
    let current = current_version(&current, new.purpose)?;
    if current != new.expected_version {
        return Err(Rejection::new(
            RejectionCode::VersionConflict,
            "expectedVersion",
            format!("the text is {current} now, not {}", new.expected_version),
            format!("現在の版は{}ではなく{current}です", new.expected_version),
        )
        .into());
    }
    let n_texts = consent_texts::count(&tx, viewer.company_id, new.purpose).await?;
    if n_texts >= TEXTS_PER_PURPOSE_MAX {
        return Err(Rejection::new(
            RejectionCode::OutOfRange,
            "purpose",
            format!("there are {n_texts} texts for this purpose; the maximum is {TEXTS_PER_PURPOSE_MAX}"),
            format!("この目的の同意文は{n_texts}版あり、上限は{TEXTS_PER_PURPOSE_MAX}版です"),
        )
        .into());
    }
    let text = ConsentText {
        purpose: new.purpose,
        // The day in Japan, and the number among the company's texts for the purpose: readable, and never used twice.
        version: format!("{}.{}", japan_date(now), n_texts + 1),
        japanese: new.japanese.trim().to_owned(),
        english: new.english.trim().to_owned(),
        published_at: Some(now),
    };
    consent_texts::publish(&tx, viewer.company_id, &text, &viewer.subject, now).await?;
    tx.commit().await?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::CONSENT_TEXT_VERSION;

    #[test]
    fn every_purpose_has_a_text_in_both_languages_and_imports_name_texts_that_there_are() {
        let built_in = read(BUILT_IN).unwrap();
        for text in &built_in.texts {
            for words in [&text.japanese, &text.english] {
                assert!(
                    (40..=CONSENT_TEXT_CHARS_MAX).contains(&words.chars().count()),
                    "{words}"
                );
            }
        }
        let imported = built_in
            .texts
            .iter()
            .filter(|text| text.version == CONSENT_TEXT_VERSION);
        // Every purpose that an imported interest needs, with directory and feed; nothing imports group sharing.
        assert_eq!(imported.count(), Purpose::ALL.len() - 1);
    }

    #[test]
    fn a_file_without_a_purpose_or_with_an_unknown_one_is_refused() {
        let without = BUILT_IN.replace("current = \"2026-11\"", "current = \"2027-01\"");
        assert!(read(&without).is_err_and(|error| error.contains("2027-01")));
        let unknown = BUILT_IN.replace("\"EVENTS\"", "\"PARTIES\"");
        assert!(read(&unknown).is_err_and(|error| error.contains("PARTIES")));
    }
}
