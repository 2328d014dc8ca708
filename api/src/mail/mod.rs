//! Mail: over SMTP, or as one file per mail where there is no server.
//!
//! - A mail is text; there is no HTML, no tracking and no attachment.
//! - Addresses, subjects and texts are never logged.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::config::Config;
use crate::private_dir;

/// A mail to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The address, with or without a name.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Hands mail over.
#[derive(Clone)]
pub enum Mailer {
    /// To an SMTP server.
    Smtp {
        /// The connection pool.
        transport: AsyncSmtpTransport<Tokio1Executor>,
        /// The sender.
        from: Mailbox,
        /// For one mail.
        timeout: Duration,
    },
    /// To a directory, one `.eml` file per mail.
    Directory {
        /// The directory; made for this user alone when the first mail is written.
        dir: PathBuf,
        /// The sender.
        from: Mailbox,
    },
}

/// Why a mail was not handed over. Says nothing about the person.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The setting cannot be used.
    #[error("{setting} cannot be used: {message}")]
    Setting {
        /// Which setting.
        setting: &'static str,
        /// Why.
        message: String,
    },
    /// The address is not one; trying again is of no use.
    #[error("the recipient's address is not an e-mail address")]
    Address,
    /// The subject or text cannot be a mail.
    #[error("the mail cannot be composed")]
    Content,
    /// The server or the disk refused; may pass.
    #[error("the mail could not be handed over: {0}")]
    Transport(String),
    /// The server did not answer in time; may pass.
    #[error("the mail server did not answer within {0:?}")]
    Timeout(Duration),
}

impl MailError {
    /// Whether the same mail may go through later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Transport(_) | Self::Timeout(_) => true,
            Self::Setting { .. } | Self::Address | Self::Content => false,
        }
    }
}

impl Mailer {
    /// SMTP if a server is set, else files. Connects to nothing yet.
    ///
    /// # Errors
    ///
    /// [`MailError::Setting`] when the sender or the server's URL is no such thing.
    pub fn open(config: &Config) -> Result<Self, MailError> {
        let from: Mailbox = config.mail.from.parse().map_err(|_| MailError::Setting {
            setting: "OKAERI_MAIL_FROM",
            message: format!("{:?} is not an e-mail address", config.mail.from),
        })?;
        let timeout = Duration::from_secs(config.mail.timeout_s);
        let Some(url) = &config.mail.smtp_url else {
            return Ok(Self::Directory {
                dir: config.mail_dir(),
                from,
            });
        };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|error| MailError::Setting {
                setting: "OKAERI_SMTP_URL",
                message: error.to_string(),
            })?
            .timeout(Some(timeout))
            .build();
        Ok(Self::Smtp {
            transport,
            from,
            timeout,
        })
    }

    /// Hands one mail over; returns when the server or the disk has it.
    ///
    /// # Errors
    ///
    /// [`MailError`]; [`MailError::may_pass`] tells whether to try again.
    pub async fn send(&self, message: &Message) -> Result<(), MailError> {
        match self {
            Self::Smtp {
                transport,
                from,
                timeout,
            } => {
                let mail = compose(from, message)?;
                match tokio::time::timeout(*timeout, transport.send(mail)).await {
                    Err(_) => Err(MailError::Timeout(*timeout)),
                    Ok(Err(error)) => Err(transport_error(&error)),
                    Ok(Ok(_)) => Ok(()),
                }
            }
            Self::Directory { dir, from } => write(dir, compose(from, message)?).await,
        }
    }
}

impl Mailer {
    /// Connects to the SMTP server and signs in, without a mail; nothing where mail goes to a directory.
    ///
    /// # Errors
    ///
    /// [`MailError::Transport`] and [`MailError::Timeout`].
    pub async fn probe(&self) -> Result<(), MailError> {
        let (transport, timeout) = match self {
            Self::Smtp {
                transport, timeout, ..
            } => (transport, *timeout),
            Self::Directory { .. } => return Ok(()),
        };
        match tokio::time::timeout(timeout, transport.test_connection()).await {
            Err(_) => Err(MailError::Timeout(timeout)),
            Ok(Err(error)) => Err(transport_error(&error)),
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(MailError::Transport("the server ended the connection".to_owned())),
        }
    }

    /// Deletes the mails in a directory whose recipient's address, in lower case, is such a one. What went to a server is
    /// out of reach.
    ///
    /// # Errors
    ///
    /// [`MailError::Transport`] names the file; running it again completes it.
    pub fn delete_where(&self, is_unwanted: impl Fn(&str) -> bool) -> Result<(), MailError> {
        let dir = match self {
            Self::Smtp { .. } => return Ok(()),
            Self::Directory { dir, .. } => dir,
        };
        let failed =
            |path: &Path, error: std::io::Error| MailError::Transport(format!("{}: {error}", path.display()));
        let files = match std::fs::read_dir(dir) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            files => files.map_err(|error| failed(dir, error))?,
        };
        for file in files {
            let path = file.map_err(|error| failed(dir, error))?.path();
            let mail = std::fs::read(&path).map_err(|error| failed(&path, error))?;
            if recipient(&String::from_utf8_lossy(&mail)).is_some_and(|address| is_unwanted(&address)) {
                std::fs::remove_file(&path).map_err(|error| failed(&path, error))?;
            }
        }
        Ok(())
    }
}

/// Without the server's own words, which may quote the address.
fn transport_error(error: &lettre::transport::smtp::Error) -> MailError {
    MailError::Transport(match error.status() {
        Some(code) => format!("the server answered {code}"),
        None => "no connection to the server".to_owned(),
    })
}

/// The address in the head of a mail, in lower case.
fn recipient(mail: &str) -> Option<String> {
    let head = mail.split("\r\n\r\n").next()?;
    let line = head.lines().find_map(|line| line.strip_prefix("To: "))?;
    let address = line.rsplit('<').next()?.trim_end_matches('>').trim();
    Some(address.to_lowercase())
}

fn compose(from: &Mailbox, message: &Message) -> Result<lettre::Message, MailError> {
    let to: Mailbox = message.to.parse().map_err(|_| MailError::Address)?;
    lettre::Message::builder()
        .from(from.clone())
        .to(to)
        .subject(message.subject.replace(['\r', '\n'], " "))
        .header(ContentType::TEXT_PLAIN)
        .body(message.body.clone())
        .map_err(|_| MailError::Content)
}

async fn write(dir: &Path, mail: lettre::Message) -> Result<(), MailError> {
    let failed = |error: std::io::Error| MailError::Transport(format!("{}: {error}", dir.display()));
    // A mail has a link that signs somebody in.
    let wanted = dir.to_owned();
    let made = tokio::task::spawn_blocking(move || private_dir::make(&wanted)).await;
    made.map_err(|error| failed(error.into()))?.map_err(failed)?;
    AsyncFileTransport::<Tokio1Executor>::new(dir)
        .send(mail)
        .await
        .map(drop)
        .map_err(|error| MailError::Transport(format!("{}: {error}", dir.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(to: &str) -> Message {
        Message {
            to: to.to_owned(),
            subject: "ログイン用リンク\r\nBcc: other@example.jp".to_owned(),
            body: "https://okaeri.example/sign-in?token=1".to_owned(),
        }
    }

    fn mailer(dir: &Path) -> Mailer {
        let config = Config {
            data_dir: dir.to_owned(),
            ..Config::default()
        };
        Mailer::open(&config).unwrap()
    }

    #[tokio::test]
    async fn a_directory_gets_one_file_per_mail_and_no_header_can_be_smuggled_in() {
        let dir = tempfile::tempdir().unwrap();
        let mailer = mailer(dir.path());
        mailer.send(&message("山田 <yamada@example.jp>")).await.unwrap();
        mailer.send(&message("yamada@example.jp")).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(dir.path().join("mail"))
            .unwrap()
            .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect();
        assert_eq!(files.len(), 2);
        assert!(files[0].contains("sign-in?token"));
        assert!(!files.iter().any(|file| file.contains("\nBcc:")));
    }

    #[tokio::test]
    async fn the_directory_that_mail_is_written_to_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let dir = tempfile::tempdir().unwrap();
        mailer(dir.path())
            .send(&message("yamada@example.jp"))
            .await
            .unwrap();
        let permissions = std::fs::metadata(dir.path().join("mail")).unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, 0o700);
    }

    #[tokio::test]
    async fn a_wrong_address_is_not_tried_again() {
        let dir = tempfile::tempdir().unwrap();
        let error = mailer(dir.path())
            .send(&message("not an address"))
            .await
            .unwrap_err();
        assert!(!error.may_pass());
    }
}
