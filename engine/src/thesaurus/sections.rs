//! The files of the sections, in the order in which they are read.

/// The sections that come with this version, by file name.
pub(super) const SECTIONS: &[(&str, &str)] = &[
    ("areas", include_str!("../../thesaurus/areas.toml")),
    ("commerce-1", include_str!("../../thesaurus/commerce-1.toml")),
    ("commerce-2", include_str!("../../thesaurus/commerce-2.toml")),
    ("commerce-3", include_str!("../../thesaurus/commerce-3.toml")),
    ("commerce-4", include_str!("../../thesaurus/commerce-4.toml")),
    ("commerce-5", include_str!("../../thesaurus/commerce-5.toml")),
    ("corporate-1", include_str!("../../thesaurus/corporate-1.toml")),
    ("corporate-2", include_str!("../../thesaurus/corporate-2.toml")),
    ("corporate-3", include_str!("../../thesaurus/corporate-3.toml")),
    ("corporate-4", include_str!("../../thesaurus/corporate-4.toml")),
    ("corporate-5", include_str!("../../thesaurus/corporate-5.toml")),
    ("operations-1", include_str!("../../thesaurus/operations-1.toml")),
    ("operations-2", include_str!("../../thesaurus/operations-2.toml")),
    ("operations-3", include_str!("../../thesaurus/operations-3.toml")),
    ("operations-4", include_str!("../../thesaurus/operations-4.toml")),
    ("operations-5", include_str!("../../thesaurus/operations-5.toml")),
    ("people-1", include_str!("../../thesaurus/people-1.toml")),
    ("people-2", include_str!("../../thesaurus/people-2.toml")),
    ("people-3", include_str!("../../thesaurus/people-3.toml")),
    ("people-4", include_str!("../../thesaurus/people-4.toml")),
    ("people-5", include_str!("../../thesaurus/people-5.toml")),
    ("places", include_str!("../../thesaurus/places.toml")),
    (
        "professions-1",
        include_str!("../../thesaurus/professions-1.toml"),
    ),
    (
        "professions-2",
        include_str!("../../thesaurus/professions-2.toml"),
    ),
    (
        "professions-3",
        include_str!("../../thesaurus/professions-3.toml"),
    ),
    (
        "professions-4",
        include_str!("../../thesaurus/professions-4.toml"),
    ),
    (
        "professions-5",
        include_str!("../../thesaurus/professions-5.toml"),
    ),
    ("technology-1", include_str!("../../thesaurus/technology-1.toml")),
    ("technology-2", include_str!("../../thesaurus/technology-2.toml")),
    ("technology-3", include_str!("../../thesaurus/technology-3.toml")),
    ("technology-4", include_str!("../../thesaurus/technology-4.toml")),
];
