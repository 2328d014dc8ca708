//! Which server holds which company.
//!
//! - Pure: the same names and short names give the same answer on every server, in every version and in a proxy's map.
//!   Nothing is agreed upon, stored or sent, so a company that is made while servers run is assigned at once.
//! - By highest random weight (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM
//!   Transactions on Networking, 1998): each server has a weight for each company, and those with the highest hold it. A
//!   server that comes or goes moves what it gets or had, and nothing else.
//! - The weight is the first 64 bits of SHA-256 over `SERVER/COMPANY`. It never changes: another one would move every
//!   company. `printf n1/aoba | sha256sum` shows it; neither name can hold a slash.
//! - It says who answers for a company, not who may read it: that is for the token and the database to decide.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

/// Most servers: each question about a company hashes every name, some 50 µs for as many.
pub const SERVERS_MAX: usize = 256;
/// Most characters of a server's name, and of a company's short name: a label in a domain name (RFC 1035, 2.3.4).
pub const NAME_CHARS_MAX: usize = 63;

/// Why companies cannot be assigned as it is set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssignmentError {
    /// A name that is none.
    #[error(
        "servers.names has {name:?}, but a server's name has 1 to {NAME_CHARS_MAX} letters, digits, dots, hyphens and \
         underscores"
    )]
    Name {
        /// The name, shortened.
        name: String,
    },
    /// One name for two servers.
    #[error("servers.names has {name:?} twice: each server needs a name of its own")]
    DuplicateName {
        /// Which.
        name: String,
    },
    /// More than [`SERVERS_MAX`].
    #[error("servers.names has {n_servers} servers, which exceeds the maximum of {SERVERS_MAX}")]
    TooManyServers {
        /// How many.
        n_servers: usize,
    },
    /// No server would hold anything, or some should that are not there.
    #[error("servers.copies is {copies}, but must be between 1 and the number of servers.names, {n_servers}")]
    Copies {
        /// As set.
        copies: usize,
        /// How many names there are.
        n_servers: usize,
    },
    /// A server that is none of them.
    #[error("OKAERI_SERVER_NAME (servers.name) is {name:?}, which is none of servers.names: {names}")]
    UnknownName {
        /// The name, shortened.
        name: String,
        /// Those there are.
        names: String,
    },
    /// A name among no others.
    #[error(
        "OKAERI_SERVER_NAME (servers.name) is {name:?}, but servers.names is empty: list all servers there, or remove the name"
    )]
    NameAlone {
        /// The name, shortened.
        name: String,
    },
    /// A server that does not know which of them it is.
    #[error(
        "servers.names lists the servers, but not which of them this one is: set OKAERI_SERVER_NAME (servers.name) to one \
         of {names}"
    )]
    NameMissing {
        /// Those there are.
        names: String,
    },
    /// Two answers to one question.
    #[error(
        "companies are assigned either by servers.names or by a list (--companies, OKAERI_COMPANIES, servers.companies): \
         remove one of them"
    )]
    Both,
    /// A short name that no company can have.
    #[error(
        "servers.companies has {slug:?}, but a company's short name has 1 to {NAME_CHARS_MAX} lower-case letters, digits \
         and inner hyphens"
    )]
    Slug {
        /// The short name, shortened.
        slug: String,
    },
    /// A company that is listed again.
    #[error("servers.companies has {slug:?} twice")]
    DuplicateSlug {
        /// Which.
        slug: String,
    },
}

/// What this server holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Assignment {
    /// Every company.
    #[default]
    Everything,
    /// These companies, by short name.
    Listed(BTreeSet<String>),
    /// What the placement gives the server of this name.
    Placed {
        /// This server, one of the placement's.
        name: String,
        /// Of all companies over all servers.
        placement: Placement,
    },
}

impl Assignment {
    /// The companies with these short names.
    ///
    /// # Errors
    ///
    /// [`AssignmentError::Slug`] and [`AssignmentError::DuplicateSlug`].
    pub fn listed(slugs: &[String]) -> Result<Self, AssignmentError> {
        let mut listed = BTreeSet::new();
        for slug in slugs {
            if !is_slug(slug) {
                return Err(AssignmentError::Slug {
                    slug: shortened(slug),
                });
            }
            if !listed.insert(slug.clone()) {
                return Err(AssignmentError::DuplicateSlug { slug: slug.clone() });
            }
        }
        Ok(Self::Listed(listed))
    }

    /// What the server `name` holds.
    ///
    /// # Errors
    ///
    /// [`AssignmentError::UnknownName`].
    pub fn placed(name: &str, placement: Placement) -> Result<Self, AssignmentError> {
        if !placement.names.iter().any(|known| known == name) {
            return Err(AssignmentError::UnknownName {
                name: shortened(name),
                names: placement.names.join(", "),
            });
        }
        Ok(Self::Placed {
            name: name.to_owned(),
            placement,
        })
    }

    /// Whether each company that is listed by itself is among these.
    #[must_use]
    pub fn is_all_among(&self, slugs: &[String]) -> bool {
        match self {
            Self::Listed(listed) => listed.iter().all(|one| slugs.contains(one)),
            Self::Everything | Self::Placed { .. } => true,
        }
    }

    /// Whether this server holds the company with this short name, whether there is one or not.
    #[must_use]
    pub fn holds(&self, slug: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Listed(slugs) => slugs.contains(slug),
            Self::Placed { name, placement } => placement.servers_of(slug).contains(&name.as_str()),
        }
    }
}

/// Which of several servers hold each company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Sorted and without repetition, so that the order in which they were written moves nothing.
    names: Vec<String>,
    copies: usize,
}

impl Placement {
    /// Every company at `copies` of the servers `names`.
    ///
    /// # Errors
    ///
    /// [`AssignmentError`] names the setting, its value and what would do.
    pub fn new(names: &[String], copies: usize) -> Result<Self, AssignmentError> {
        let n_servers = names.len();
        if n_servers > SERVERS_MAX {
            return Err(AssignmentError::TooManyServers { n_servers });
        }
        if let Some(name) = names.iter().find(|name| !is_server_name(name)) {
            return Err(AssignmentError::Name {
                name: shortened(name),
            });
        }
        let mut names = names.to_vec();
        names.sort_unstable();
        let repeated = names
            .iter()
            .zip(names.iter().skip(1))
            .find(|(one, next)| one == next);
        if let Some((name, _)) = repeated {
            return Err(AssignmentError::DuplicateName { name: name.clone() });
        }
        if !(1..=n_servers).contains(&copies) {
            return Err(AssignmentError::Copies { copies, n_servers });
        }
        Ok(Self { names, copies })
    }

    /// The servers, by name.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many servers hold each company.
    #[must_use]
    pub fn copies(&self) -> usize {
        self.copies
    }

    /// The servers that hold a company, the one with the highest weight first: it is the one to ask while it is there.
    /// Ties go by name.
    #[must_use]
    pub fn servers_of(&self, slug: &str) -> Vec<&str> {
        let mut weighed: Vec<(u64, &str)> = self
            .names
            .iter()
            .map(|name| (weight(name, slug), name.as_str()))
            .collect();
        // Stable, and the names are sorted.
        weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        weighed
            .into_iter()
            .take(self.copies)
            .map(|(_, name)| name)
            .collect()
    }
}

/// How much a server wants a company.
fn weight(name: &str, slug: &str) -> u64 {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update("/")
        .chain_update(slug)
        .finalize();
    digest
        .iter()
        .take(8)
        .fold(0, |weight, byte| (weight << 8) | u64::from(*byte))
}

/// Whether a company can have this short name.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    (1..=NAME_CHARS_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// As proxies name servers too.
fn is_server_name(text: &str) -> bool {
    (1..=NAME_CHARS_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

fn shortened(text: &str) -> String {
    text.chars().take(NAME_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests;
