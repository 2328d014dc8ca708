//! Networks of addresses, as settings name them.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One address or all that share its first bits: `10.0.0.5`, `10.0.0.0/24`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    address: IpAddr,
    n_bits: u8,
}

/// A text that names no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address such as 10.0.0.5 nor a network such as 10.0.0.0/24")]
pub struct NotANetwork(String);

impl Network {
    /// Whether `address` is in it. An IPv4 address that comes over IPv6 is the IPv4 address.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                own.to_bits().checked_shr(32 - u32::from(self.n_bits))
                    == other.to_bits().checked_shr(32 - u32::from(self.n_bits))
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                own.to_bits().checked_shr(128 - u32::from(self.n_bits))
                    == other.to_bits().checked_shr(128 - u32::from(self.n_bits))
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let not_a_network = || NotANetwork(text.chars().take(80).collect());
        let (address, n_bits) = match text.split_once('/') {
            Some((address, n_bits)) => (address, Some(n_bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| not_a_network())?;
        // An address that is compared is IPv4 by then: nobody would be in it.
        let is_mapped = matches!(address, IpAddr::V6(mapped) if mapped.to_ipv4_mapped().is_some());
        if is_mapped {
            return Err(not_a_network());
        }
        let n_bits_max = if address.is_ipv4() { 32 } else { 128 };
        let n_bits = match n_bits {
            None => n_bits_max,
            Some(n_bits) => n_bits
                .parse()
                .ok()
                .filter(|n_bits| *n_bits <= n_bits_max)
                .ok_or_else(not_a_network)?,
        };
        Ok(Self { address, n_bits })
    }
}

impl TryFrom<String> for Network {
    type Error = NotANetwork;

    fn try_from(text: String) -> Result<Self, NotANetwork> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.n_bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        let network: Network = network.parse().unwrap();
        network.contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_is_an_address_or_all_that_share_its_first_bits() {
        assert!(contains("10.0.0.5", "10.0.0.5") && !contains("10.0.0.5", "10.0.0.4"));
        assert!(contains("10.0.0.0/24", "10.0.0.255") && !contains("10.0.0.0/24", "10.0.1.0"));
        assert!(contains("0.0.0.0/0", "203.0.113.9") && !contains("0.0.0.0/0", "::1"));
        assert!(contains("fd00::/8", "fdff::1") && !contains("fd00::/8", "fe00::1"));
        assert!(contains("::/0", "2001:db8::1"));
        assert!(contains("127.0.0.1", "::ffff:127.0.0.1"));
    }

    #[test]
    fn what_names_no_network_is_refused_with_the_forms_that_do() {
        for wrong in [
            "",
            "localhost",
            "10.0.0.0/33",
            "10.0.0/8",
            "::/129",
            "10.0.0.0/-1",
            "10.0.0.0/",
            "::ffff:10.0.0.5",
            "::ffff:10.0.0.0/120",
            "::ffff:0:0/96",
        ] {
            let error = wrong.parse::<Network>().unwrap_err();
            assert!(error.to_string().contains("10.0.0.0/24"), "{error}");
        }
    }
}
