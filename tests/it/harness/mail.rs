//! Reading mail as a person does.

use base64::Engine as _;

/// The text of a mail, unpacked.
pub(crate) fn body(mail: &str) -> String {
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    if head.contains("content-transfer-encoding: base64") {
        let packed: String = body.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(packed).unwrap();
        return String::from_utf8(bytes).unwrap();
    }
    // Quoted-printable: only the line breaks and the sign of equality matter for a link.
    body.replace("=\r\n", "").replace("=3D", "=")
}

/// The token of the link in a mail.
pub(crate) fn token(mail: &str) -> String {
    let body = body(mail);
    let (_, rest) = body
        .split_once("#token=")
        .unwrap_or_else(|| panic!("no link: {body}"));
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}
