//! Which network address a request came from.
//!
//! - A header says so only where the socket's other end is a proxy that the configuration names; from everybody else it is
//!   not read, so that nobody chooses the address that they are counted by.
//! - No other header about the way here (`Forwarded`, `X-Real-IP`, `X-Forwarded-Proto`) is read anywhere.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderName};

use crate::config::Network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: of the socket's other end, or of whom it forwards for.
pub(crate) fn peer(request: &HttpRequest, trusted: &[Network]) -> Option<IpAddr> {
    let socket = request.peer_addr()?.ip();
    Some(client(socket, request.headers(), trusted))
}

/// Each proxy adds, on the right, the address that it was asked from. So the list is read from the right for as long as
/// the address that wrote an entry is trusted; what stands left of that, anybody can have written.
fn client(socket: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = socket;
    if !is_trusted(client) {
        return client;
    }
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .map(|line| line.to_str().unwrap_or_default())
        .collect();
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        // Whoever wrote it was trusted and yet named nobody: their own address is all that is certain.
        let Some(address) = address(entry.trim()) else {
            return client;
        };
        client = address;
        if !is_trusted(client) {
            return client;
        }
    }
    client
}

/// Some proxies add the port.
fn address(entry: &str) -> Option<IpAddr> {
    if let Ok(address) = entry.parse() {
        return Some(address);
    }
    entry
        .parse()
        .map(|with_port: std::net::SocketAddr| with_port.ip())
        .ok()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn seen(socket: &str, lines: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        client(socket.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_header_is_believed_from_a_trusted_proxy_and_from_nobody_else() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(
            seen("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]),
            "203.0.113.9"
        );
        assert_eq!(
            seen("10.0.0.5", &["198.51.100.1"], &["10.0.0.0/8"]),
            "198.51.100.1"
        );
        assert_eq!(seen("10.0.0.5", &[], &["10.0.0.0/8"]), "10.0.0.5");
    }

    #[test]
    fn what_a_client_wrote_itself_is_not_believed() {
        let trusted = ["10.0.0.0/8"];
        // The proxy adds whom it was asked by, on the same line or on one of its own.
        assert_eq!(
            seen("10.0.0.5", &["1.1.1.1, 203.0.113.9"], &trusted),
            "203.0.113.9"
        );
        assert_eq!(
            seen("10.0.0.5", &["10.0.0.7, 1.1.1.1", "203.0.113.9"], &trusted),
            "203.0.113.9"
        );
        assert_eq!(
            seen("10.0.0.5", &["1.1.1.1, 203.0.113.9, 10.0.0.6"], &trusted),
            "203.0.113.9",
            "two proxies"
        );
        assert_eq!(seen("10.0.0.5", &["203.0.113.9, nobody"], &trusted), "10.0.0.5");
        assert_eq!(seen("10.0.0.5", &["203.0.113.9:4711"], &trusted), "203.0.113.9");
        assert_eq!(seen("10.0.0.5", &["[2001:db8::1]:4711"], &trusted), "2001:db8::1");
    }
}
