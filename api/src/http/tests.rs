//! The transport as a client sees it.

mod http;
mod service;
mod sockets;
