//! Files that only their owner reads: a store holds the customers' data.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

use sync_core::StoreError;

/// Opens a file to read and write, and creates it if there is none.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes from others what rights they have to an older or copied file.
#[cfg(unix)]
pub(crate) fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let mut rights = std::fs::metadata(path)?.permissions();
    if rights.mode() & 0o077 != 0 {
        rights.set_mode(0o600);
        std::fs::set_permissions(path, rights)?;
    }
    Ok(())
}

/// Rights are the folder's here.
#[cfg(not(unix))]
pub(crate) fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// What a person is told when a file cannot be used.
pub(crate) fn failed(path: &Path, error: &io::Error) -> StoreError {
    let advice = match error.kind() {
        io::ErrorKind::NotFound => "; make the folder first, or name another",
        io::ErrorKind::PermissionDenied => "; see to the rights of the file and its folder",
        io::ErrorKind::AlreadyExists => "; name another file",
        _ => "",
    };
    StoreError::Backend(format!("{}: {error}{advice}", path.display()))
}
