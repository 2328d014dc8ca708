//! Directories for what no other user of the machine is to read: keys, and mail with links.
//!
//! - The mode of a directory that is there already is never changed: it may be shared on purpose.

use std::fs::DirBuilder;
use std::io;
use std::path::Path;

/// Makes the directory and those above it that are missing, whatever the umask says.
///
/// # Errors
///
/// When one of them cannot be made, or something else has its name.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_made_is_its_owners_alone_and_what_was_there_stays_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let shared = dir.path().join("shared");
        fs::create_dir(&shared).unwrap();
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o755)).unwrap();
        let inner = shared.join("outer/inner");
        make(&inner).unwrap();
        make(&inner).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&inner), 0o700);
        assert_eq!(mode(&shared.join("outer")), 0o700);
        assert_eq!(mode(&shared), 0o755);
    }
}
