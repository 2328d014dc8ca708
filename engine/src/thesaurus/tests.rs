use super::*;

#[test]
fn the_bundled_sections_keep_every_rule() {
    let (_, problems) = Thesaurus::read(sections::SECTIONS);
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn every_section_file_is_read() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/thesaurus");
    let mut files: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
        .collect();
    files.sort();
    let mut read: Vec<&str> = sections::SECTIONS.iter().map(|(name, _)| *name).collect();
    read.sort_unstable();
    assert_eq!(files, read);
}
