//! The stock secret stores, held to the laws that are public for others.
#![allow(clippy::unwrap_used, reason = "a broken law fails its test")]

use api_transport::{
    FileSecretStore, MemorySecretStore, testing::secret_store::SecretStoreFixture,
};

struct Memory;

impl SecretStoreFixture for Memory {
    type Store = MemorySecretStore;

    async fn fresh(&self) -> Self::Store {
        MemorySecretStore::new()
    }

    async fn again(&self, store: &Self::Store) -> Self::Store {
        store.clone()
    }
}

struct Files(tempfile::TempDir);

impl Default for Files {
    fn default() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl SecretStoreFixture for Files {
    type Store = FileSecretStore;

    async fn fresh(&self) -> Self::Store {
        FileSecretStore::in_directory(self.0.path().join("secrets")).unwrap()
    }

    async fn again(&self, _store: &Self::Store) -> Self::Store {
        self.fresh().await
    }
}

mod memory {
    api_transport::secret_store_contract!(super::Memory);
}

mod files {
    api_transport::secret_store_contract!(super::Files::default());
}

mod shared {
    use super::*;
    use api_transport::SecretStore;
    use std::sync::Arc;

    /// The same laws through a pointer, as clients hold a store.
    struct Shared(Memory);

    impl SecretStoreFixture for Shared {
        type Store = Arc<MemorySecretStore>;

        async fn fresh(&self) -> Self::Store {
            Arc::new(self.0.fresh().await)
        }

        async fn again(&self, store: &Self::Store) -> Self::Store {
            Arc::clone(store)
        }
    }

    api_transport::secret_store_contract!(Shared(Memory));

    #[test]
    fn a_store_can_be_held_as_a_trait_object() {
        let store: Arc<dyn SecretStore> = Arc::new(MemorySecretStore::new());
        drop(store);
    }
}

#[cfg(unix)]
mod on_unix {
    use std::{fs, os::unix::fs::PermissionsExt, path::Path};

    use api_transport::{FileSecretStore, SecretStore, SecretString};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn only_the_owner_may_read_and_what_others_may_read_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secrets");
        let store = FileSecretStore::in_directory(&path).unwrap();
        let secret = SecretString::from("c0ffee");
        let swap = store.compare_and_swap("k", None, Some(&secret));
        assert!(swap.await.unwrap());
        let file = path.join("k.secret");
        assert_eq!((mode(&path), mode(&file)), (0o700, 0o600));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = store.get("k").await.unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
    }

    #[tokio::test]
    async fn what_a_crash_left_half_written_is_neither_read_nor_in_the_way() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileSecretStore::in_directory(directory.path()).unwrap();
        let old = SecretString::from("old");
        assert!(store.compare_and_swap("k", None, Some(&old)).await.unwrap());
        let left = directory.path().join("k.new");
        fs::write(&left, "ha").unwrap();
        fs::set_permissions(&left, fs::Permissions::from_mode(0o666)).unwrap();
        let new = SecretString::from("new");
        let swapped = store.compare_and_swap("k", Some(&old), Some(&new)).await;
        assert!(swapped.unwrap());
        assert_eq!(mode(&directory.path().join("k.secret")), 0o600);
        assert!(!left.exists());
    }
}
