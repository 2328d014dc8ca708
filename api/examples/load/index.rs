//! How soon people are found whom a file brings into a running server.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::RunArgs;
use super::client::{Request, Target};
use super::figures::{Report, milliseconds};

/// How long a search that did not find all is followed by the next.
const SEARCH_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// How long after the import's end all have to be found: some minutes' analysis.
const PATIENCE: Duration = Duration::from_secs(300);

const COUNT: &str = "query($query: String) { alumni(query: $query, first: 1) { totalCount } }";

pub(crate) async fn run(target: &Arc<Target>, okaeri: &Path, args: &RunArgs, n: usize, report: &mut Report) {
    // Letters only, which the analysis keeps together; others in each process, so that the scenario can be run again.
    let letters = |number: usize| -> String {
        let digits = number.to_string().into_bytes().into_iter();
        digits.map(|digit| char::from(b'a' + (digit - b'0'))).collect()
    };
    let process = letters(std::process::id() as usize);
    let word_of = |block: usize| format!("zqi{process}k{}", letters(block));
    let (file, n_listed) = file_of_people(okaeri, args.seed + 1, n, word_of);

    let started_at = Instant::now();
    let mut import = Command::new(okaeri)
        .arg("--data-dir")
        .arg(&args.data_dir)
        .args(["import", "alumni", "--company", &args.company])
        .arg(file.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{} cannot be run: {error}", okaeri.display()));
    let ended_at = Arc::new(OnceLock::new());
    let end = Arc::clone(&ended_at);
    let importing = tokio::task::spawn_blocking(move || {
        let status = import.wait().expect("a child that can be waited for");
        assert!(status.success(), "the import ended with {status}");
        *end.get_or_init(Instant::now)
    });
    let searches = n_listed.into_iter().enumerate();
    let searches = searches.map(|(block, n_wanted)| {
        let query = json!({"query": word_of(block)});
        (Request::new(target.recruiter(0), COUNT, &query), n_wanted)
    });
    let found_at = tokio::spawn(wait_for(Arc::clone(target), searches.collect(), ended_at));
    let imported_at = importing.await.expect("an import");
    let what = "import into a running server";
    let imported = imported_at - started_at;
    report.number(what, "people", n as f64);
    report.number(what, "imported_per_s", n as f64 / imported.as_secs_f64());
    match found_at.await.expect("searches") {
        Ok(found_at) => {
            let found = found_at - started_at;
            report.number(what, "searchable_per_s", n as f64 / found.as_secs_f64());
            let behind = found_at.saturating_duration_since(imported_at);
            report.number(what, "last_found_after_ms", milliseconds(behind));
        }
        Err(reason) => eprintln!("{what}: {reason}"),
    }
}

/// When each search had found so many; as long as the import runs, and for some time after.
async fn wait_for(
    target: Arc<Target>,
    searches: Vec<(Request, u64)>,
    import_ended_at: Arc<OnceLock<Instant>>,
) -> Result<Instant, String> {
    for (search, n_wanted) in &searches {
        loop {
            let answer = target.send_to(0, search).await?;
            let answer: Value = serde_json::from_str(&answer).map_err(|error| error.to_string())?;
            let n_found = answer["data"]["alumni"]["totalCount"]
                .as_u64()
                .unwrap_or_default();
            if n_found >= *n_wanted {
                break;
            }
            let is_over = |ended_at: &Instant| ended_at.elapsed() > PATIENCE;
            if import_ended_at.get().is_some_and(is_over) {
                return Err(format!(
                    "{n_found} of {n_wanted} are found {PATIENCE:?} after the import"
                ));
            }
            tokio::time::sleep(SEARCH_AGAIN_AFTER).await;
        }
    }
    Ok(Instant::now())
}

/// People who have the same word: fewer than a search lists.
const BLOCK: usize = 1_000;

/// A file of invented people whom nobody has imported, each with the word of their block, and how many of each block will be
/// in the directory.
fn file_of_people(
    okaeri: &Path,
    seed: u64,
    n: usize,
    word_of: impl Fn(usize) -> String,
) -> (NamedTempFile, Vec<u64>) {
    let output = Command::new(okaeri)
        .args(["sample", "--people", &n.to_string(), "--seed", &seed.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|error| panic!("{} cannot be run: {error}", okaeri.display()));
    assert!(
        output.status.success(),
        "okaeri sample ended with {}",
        output.status
    );
    let mut file = NamedTempFile::with_suffix(".jsonl").expect("a temporary file");
    let mut n_listed = vec![0; n.div_ceil(BLOCK)];
    for (place, line) in String::from_utf8_lossy(&output.stdout).lines().enumerate() {
        let mut row: Value = serde_json::from_str(line).expect("a row of JSON");
        let block = place / BLOCK;
        n_listed[block] += u64::from(
            row["interests"]
                .as_array()
                .is_some_and(|interests| !interests.is_empty()),
        );
        mark(&mut row, &word_of(block));
        writeln!(file, "{row}").expect("room for a temporary file");
    }
    (file, n_listed)
}

/// Makes somebody else of a person, who can be found by the word.
fn mark(row: &mut Value, word: &str) {
    let number = format!("{word}{}", row["id"].as_str().unwrap_or_default());
    let headline = format!("{}（{word}）", row["headline"].as_str().unwrap_or_default());
    row["email"] = json!(format!("{number}@sample.example.jp"));
    row["id"] = json!(number);
    row["headline"] = json!(headline);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_person_is_another_and_has_the_word() {
        let mut row = json!({"id": "p000001", "email": "p000001@sample.example.jp", "headline": "経理担当"});
        mark(&mut row, "zqib");
        assert_eq!(
            row,
            json!({"id": "zqibp000001", "email": "zqibp000001@sample.example.jp", "headline": "経理担当（zqib）"})
        );
    }
}
