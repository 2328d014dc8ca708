//! The `okaeri` command.

fn main() {}
