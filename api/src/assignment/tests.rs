use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn numbered(n_servers: usize) -> Vec<String> {
    (1..=n_servers).map(|n| format!("n{n}")).collect()
}

fn placed(names: &[String], copies: usize) -> Placement {
    Placement::new(names, copies).unwrap()
}

fn set(servers: &[&str]) -> BTreeSet<String> {
    servers.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_weights_are_those_of_sha256sum_for_good() {
    // printf n1/aoba | sha256sum
    assert_eq!(weight("n1", "aoba"), 0xf58a_9d23_90fd_cae5);
    assert_eq!(weight("n2", "aoba"), 0xe038_8468_cd12_ef89);
    assert_eq!(weight("n3", "aoba"), 0xe34c_7eab_6555_7070);
    let three = placed(&numbered(3), 2);
    for (slug, expected) in [
        ("aoba", ["n1", "n3"]),
        ("midori", ["n2", "n1"]),
        ("sumire", ["n2", "n3"]),
        ("kaede", ["n3", "n1"]),
        ("hinoki", ["n3", "n2"]),
    ] {
        assert_eq!(three.servers_of(slug), expected, "{slug}");
    }
}

proptest! {
    #[test]
    fn every_company_has_exactly_as_many_servers_as_copies(
        n_servers in 1..12_usize, copies in 1..12_usize, slug in "[a-z0-9]{1,12}",
    ) {
        let names = numbered(n_servers);
        let Ok(placement) = Placement::new(&names, copies) else {
            prop_assert!(copies > n_servers);
            return Ok(());
        };
        let servers = placement.servers_of(&slug);
        prop_assert_eq!(servers.len(), copies);
        prop_assert_eq!(set(&servers).len(), copies);
        for name in &names {
            let assignment = Assignment::placed(name, placement.clone()).unwrap();
            prop_assert_eq!(assignment.holds(&slug), servers.contains(&name.as_str()));
        }
    }

    #[test]
    fn the_order_in_which_servers_are_written_moves_nothing(
        shuffled in Just(numbered(7)).prop_shuffle(), copies in 1..8_usize, slug in "[a-z0-9]{1,12}",
    ) {
        let one = placed(&numbered(7), copies);
        let other = placed(&shuffled, copies);
        prop_assert_eq!(one.servers_of(&slug), other.servers_of(&slug));
    }

    #[test]
    fn a_server_that_comes_takes_its_own_and_moves_nothing_else(
        n_servers in 1..9_usize, copies in 1..4_usize, slug in "[a-z0-9]{1,12}",
    ) {
        prop_assume!(copies <= n_servers);
        let (fewer, more) = (placed(&numbered(n_servers), copies), placed(&numbered(n_servers + 1), copies));
        let (before, after) = (fewer.servers_of(&slug), more.servers_of(&slug));
        let added = format!("n{}", n_servers + 1);
        let stayed: Vec<&str> = after.iter().copied().filter(|name| *name != added).collect();
        // Whoever stays does so in the same order, and at most the last of them gives the company up. Read from the
        // other side it is what a server that goes leaves to another.
        prop_assert_eq!(&before[..stayed.len()], &stayed[..]);
        prop_assert!(stayed.len() + 1 >= copies);
    }
}

/// 10,000 companies: the mean of n servers is 10,000 · copies / n, and the binomial deviation of a fair assignment is below
/// 50, so that an eighth of the smallest mean here (1,250) is more than three deviations.
#[test]
fn servers_hold_alike_many_companies_and_are_the_first_of_alike_many() {
    let slugs: Vec<String> = (0..10_000).map(|n| format!("company-{n}")).collect();
    for n_servers in 2..=8 {
        for copies in 1..=2 {
            let placement = placed(&numbered(n_servers), copies);
            let (mut held, mut first) = (BTreeMap::new(), BTreeMap::new());
            for slug in &slugs {
                let servers = placement.servers_of(slug);
                *first.entry(servers[0].to_owned()).or_insert(0_usize) += 1;
                for name in servers {
                    *held.entry(name.to_owned()).or_insert(0_usize) += 1;
                }
            }
            for (counts, n_all) in [(&held, slugs.len() * copies), (&first, slugs.len())] {
                let mean = n_all / n_servers;
                assert_eq!(counts.len(), n_servers);
                for (name, count) in counts {
                    assert!(
                        count.abs_diff(mean) <= mean / 8,
                        "{name} of {n_servers} with {copies} copies: {count}, and {mean} on average"
                    );
                }
            }
        }
    }
}

#[test]
fn what_cannot_be_assigned_is_refused_by_name_and_value() {
    let refused = |names: &[&str], copies| {
        Placement::new(&self::names(names), copies)
            .unwrap_err()
            .to_string()
    };
    for (message, part) in [
        (refused(&["n1", "n2", "n1"], 1), "\"n1\" twice"),
        (
            refused(&["n1", "n2"], 0),
            "servers.copies is 0, but must be between 1 and",
        ),
        (
            refused(&["n1", "n2"], 3),
            "servers.copies is 3, but must be between 1 and",
        ),
        (refused(&["n1", "n/2"], 1), "\"n/2\""),
        (refused(&["n1", ""], 1), "\"\""),
    ] {
        assert!(message.contains(part), "{message}");
    }
    let many = numbered(SERVERS_MAX + 1);
    assert_eq!(
        Placement::new(&many, 1),
        Err(AssignmentError::TooManyServers {
            n_servers: SERVERS_MAX + 1
        })
    );
    assert!(Placement::new(&numbered(SERVERS_MAX), 1).is_ok());
    let message = Assignment::placed("n9", placed(&numbered(3), 2))
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("\"n9\"") && message.ends_with("n1, n2, n3"),
        "{message}"
    );
}

#[test]
fn a_list_is_of_short_names_each_once() {
    let listed = Assignment::listed(&names(&["aoba", "midori"])).unwrap();
    assert!(listed.holds("aoba") && listed.holds("midori") && !listed.holds("kaede"));
    assert!(Assignment::Everything.holds("kaede"));
    for (slugs, expected) in [
        (
            ["aoba", "aoba"],
            AssignmentError::DuplicateSlug {
                slug: "aoba".to_owned(),
            },
        ),
        (
            ["aoba", "Midori"],
            AssignmentError::Slug {
                slug: "Midori".to_owned(),
            },
        ),
    ] {
        assert_eq!(Assignment::listed(&names(&slugs)), Err(expected));
    }
}
