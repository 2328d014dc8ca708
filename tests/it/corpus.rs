//! The inputs that fuzzing begins with, and those that once broke something: what `scripts/fuzz` asserts of any bytes holds
//! for them with the stable compiler too.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../fuzz/src/lib.rs"]
mod targets;

/// What the server's threads have; a parser that needs more ends the process.
const STACK_BYTES: usize = 2 * 1_024 * 1_024;

/// Gives every committed input of a target to it, one after the other so that a failure names its file. Some have to be
/// taken and some not, or the inputs have ceased to try anything.
fn replay(target: &str, run: fn(&[u8]) -> bool) {
    let files: Vec<PathBuf> = ["corpus", "regressions"]
        .iter()
        .flat_map(|kind| {
            files(
                &Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join("fuzz")
                    .join(kind)
                    .join(target),
            )
        })
        .collect();
    assert!(files.len() >= 10, "{target} has {} inputs", files.len());
    // What a target makes once, a schema or an index, is made here and not within the small stack.
    run(b"");
    let mut n_taken = 0;
    for file in &files {
        let input = fs::read(file).unwrap();
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        match thread.spawn(move || run(&input)).unwrap().join() {
            Ok(is_taken) => n_taken += usize::from(is_taken),
            Err(_) => panic!("{} breaks {target}", file.display()),
        }
    }
    assert!(
        (3..=files.len() - 3).contains(&n_taken),
        "{target} takes {n_taken} of {}",
        files.len()
    );
}

/// A target without regressions has no directory of them.
fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_document_is_let_through_or_refused_within_the_stack_of_a_thread() {
    replay("document", targets::document);
}

#[test]
fn every_identifier_and_cursor_is_read_as_it_is_written_or_not_at_all() {
    replay("identifier", targets::identifier);
}

#[test]
fn every_file_is_read_row_by_row_within_its_limits() {
    replay("import", targets::import);
}

#[test]
fn every_query_is_answered_and_shown_within_what_is_shown() {
    replay("search", targets::search);
}
