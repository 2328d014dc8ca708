//! The `okaeri` command.

use std::process::ExitCode;

/// Bytes of a thread's stack: of the usual two megabytes, resolving one field of the schema takes more than one in builds
/// without optimisation. Memory is taken only where it is touched.
const STACK_BYTES: usize = 8 * 1024 * 1024;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    match builder.enable_all().thread_stack_size(STACK_BYTES).build() {
        Ok(runtime) => runtime.block_on(okaeri_api::cli::run(std::env::args_os())),
        Err(error) => {
            eprintln!("error: the system gives no threads: {error}");
            ExitCode::FAILURE
        }
    }
}
