//! A mail server of our own: just enough SMTP (RFC 5321) to take mail in, to refuse it, or to hang.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use okaeri_api::config::{Config, Secret};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What a mail server does with who wants to hand over mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Takes it.
    Takes,
    /// Refuses each recipient for now (451).
    Refuses,
    /// Refuses each recipient for good (550).
    RefusesForGood,
    /// Greets nobody.
    Hangs,
}

/// A mail that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    /// The addresses that it is for.
    pub(crate) recipients: Vec<String>,
    /// Headers and text, as they came.
    pub(crate) text: String,
}

/// A mail server on a free port of this machine; ends when dropped.
pub(crate) struct Smtp {
    address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    taken: Arc<Mutex<Vec<Taken>>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Smtp {
    pub(crate) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let manner = Arc::new(Mutex::new(manner));
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (manner_of_all, taken_by_all) = (Arc::clone(&manner), Arc::clone(&taken));
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let manner = *manner_of_all.lock().unwrap();
                tokio::spawn(converse(socket, manner, Arc::clone(&taken_by_all)));
            }
        });
        Self {
            address,
            manner,
            taken,
            accepting,
        }
    }

    /// Makes a server send its mail here, and wait no longer than a second for it.
    pub(crate) fn set_in(&self, config: &mut Config) {
        config.mail.smtp_url = Some(Secret::new(format!("smtp://{}", self.address)));
        config.mail.timeout_s = 1;
    }

    /// From the next connection on.
    pub(crate) fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// All mail that was taken so far, in its order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// One connection, until the other side ends it.
async fn converse(socket: TcpStream, manner: Manner, taken: Arc<Mutex<Vec<Taken>>>) {
    let (reading, mut writing) = socket.into_split();
    let mut lines = BufReader::new(reading).lines();
    if manner == Manner::Hangs {
        while let Ok(Some(_)) = lines.next_line().await {}
        return;
    }
    let mut recipients = Vec::new();
    let mut answer = "220 test";
    loop {
        if writing
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
            .is_err()
        {
            return;
        }
        let Ok(Some(line)) = lines.next_line().await else {
            return;
        };
        answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "RCPT" if manner == Manner::Refuses => "451 try again later",
            "RCPT" if manner == Manner::RefusesForGood => "550 no such mailbox",
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                recipients.push(address.to_owned());
                "250 ok"
            }
            "DATA" => {
                if writing.write_all(b"354 go on\r\n").await.is_err() {
                    return;
                }
                let mut text = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push_str("\r\n");
                }
                let mail = Taken {
                    recipients: std::mem::take(&mut recipients),
                    text,
                };
                taken.lock().unwrap().push(mail);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
    }
}
