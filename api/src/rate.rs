//! How often one caller may ask: per person, per company, and for the few fields that reach other people.
//!
//! - A refusal says when to come back.
//! - Keys are digests in memory; nothing of them is logged or stored.
//! - A network address is an IPv4 address or a /64 of IPv6.
//! - Limits of fields count field executions, so that aliases multiply nothing.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter as Governor};

use crate::config::Rates;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// Requests of one signed-in person; the key is company and subject.
    Requests,
    /// Requests of one company.
    Company,
    /// Requests without a token; the key is [`peer_key`].
    Anonymous,
    /// Sign-in links for one e-mail address.
    SignInEmail,
    /// Sign-in attempts; the key is [`peer_key`].
    SignInPeer,
    /// Invitations of one recruiter.
    Invitation,
    /// Messages of one person.
    Message,
    /// Links to the export of one person.
    Export,
}

/// The key of a network address: of IPv6 the first 64 bits, since whoever has one address there has all that share them.
#[must_use]
pub fn peer_key(peer: Option<IpAddr>) -> String {
    match peer.map(|peer| peer.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The caller has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many requests; try again in {} s", self.seconds())]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// For the `Retry-After` header: whole seconds, at least one.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0).max(u64::from(self.0.is_zero()))
    }
}

/// Counts per key. Cheap to ask; shared by the transport and by resolvers.
#[derive(Debug)]
pub struct RateLimiter {
    clock: DefaultClock,
    hasher: RandomState,
    requests: DefaultKeyedRateLimiter<u64>,
    company: DefaultKeyedRateLimiter<u64>,
    anonymous: DefaultKeyedRateLimiter<u64>,
    sign_in_email: DefaultKeyedRateLimiter<u64>,
    sign_in_peer: DefaultKeyedRateLimiter<u64>,
    invitation: DefaultKeyedRateLimiter<u64>,
    message: DefaultKeyedRateLimiter<u64>,
    export: DefaultKeyedRateLimiter<u64>,
}

impl RateLimiter {
    /// Nobody has asked yet.
    #[must_use]
    pub fn new(rates: &Rates) -> Self {
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let minute = |number| Governor::keyed(Quota::per_minute(at_least_one(number)));
        let hour = |number| Governor::keyed(Quota::per_hour(at_least_one(number)));
        Self {
            clock: DefaultClock::default(),
            hasher: RandomState::new(),
            requests: minute(rates.requests_per_minute),
            company: minute(rates.company_requests_per_minute),
            anonymous: minute(rates.anonymous_per_minute),
            sign_in_email: hour(rates.sign_in_per_email_per_hour),
            sign_in_peer: hour(rates.sign_in_per_peer_per_hour),
            invitation: hour(rates.invitations_per_hour),
            message: hour(rates.messages_per_hour),
            export: hour(rates.exports_per_hour),
        }
    }

    /// Counts one for `key`.
    ///
    /// # Errors
    ///
    /// [`RetryAfter`] when the bucket is empty; then nothing is counted.
    pub fn check(&self, bucket: Bucket, key: &str) -> Result<(), RetryAfter> {
        let limiter = self.limiter(bucket);
        let key = self.hasher.hash_one(key);
        limiter
            .check_key(&key)
            .map_err(|not_until| RetryAfter(not_until.wait_time_from(self.clock.now())))
    }

    /// Counts `n` for `key`, or none of them.
    ///
    /// # Errors
    ///
    /// [`RetryAfter`] when the bucket does not hold as many.
    pub fn check_many(&self, bucket: Bucket, key: &str, n: NonZeroU32) -> Result<(), RetryAfter> {
        /// How long an empty bucket takes to fill.
        const HOUR: Duration = Duration::from_secs(3_600);
        let limiter = self.limiter(bucket);
        let key = self.hasher.hash_one(key);
        match limiter.check_key_n(&key, n) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(not_until)) => Err(RetryAfter(not_until.wait_time_from(self.clock.now()))),
            Err(_more_than_it_ever_holds) => Err(RetryAfter(HOUR)),
        }
    }

    /// Forgets keys that are back at their full allowance; called now and then so that memory does not grow.
    pub fn forget_idle(&self) {
        for bucket in [
            Bucket::Requests,
            Bucket::Company,
            Bucket::Anonymous,
            Bucket::SignInEmail,
            Bucket::SignInPeer,
            Bucket::Invitation,
            Bucket::Message,
            Bucket::Export,
        ] {
            let limiter = self.limiter(bucket);
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    fn limiter(&self, bucket: Bucket) -> &DefaultKeyedRateLimiter<u64> {
        match bucket {
            Bucket::Requests => &self.requests,
            Bucket::Company => &self.company,
            Bucket::Anonymous => &self.anonymous,
            Bucket::SignInEmail => &self.sign_in_email,
            Bucket::SignInPeer => &self.sign_in_peer,
            Bucket::Invitation => &self.invitation,
            Bucket::Message => &self.message,
            Bucket::Export => &self.export,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        let key = |address: &str| peer_key(Some(address.parse().unwrap()));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_ne!(key("203.0.113.1"), key("203.0.113.2"));
        assert_eq!(key("203.0.113.1"), key("::ffff:203.0.113.1"));
    }

    #[test]
    fn the_last_allowed_request_passes_and_the_next_is_told_when_to_come_back() {
        let limits = RateLimiter::new(&Rates {
            sign_in_per_email_per_hour: 2,
            ..Rates::default()
        });
        let ask = |key| limits.check(Bucket::SignInEmail, key);
        assert_eq!(ask("a@example.jp"), Ok(()));
        assert_eq!(ask("a@example.jp"), Ok(()));
        let wait = ask("a@example.jp").unwrap_err();
        assert!((1..=1_800).contains(&wait.seconds()), "{wait}");
        assert_eq!(ask("b@example.jp"), Ok(()), "keys do not share an allowance");
    }
}
