//! The `okaeri` command.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    okaeri_api::cli::run(std::env::args_os()).await
}
