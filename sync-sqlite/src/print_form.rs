//! How a fingerprint is kept: the hash, then the memo if there is one.

use sync_core::{Fingerprint, Memo, StoreError, stored};

/// The form of a fingerprint; `None` for one that matches no row.
pub(crate) fn encode(print: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(shown) = print.shown else {
        return Ok(None);
    };
    let mut form = shown.to_le_bytes().to_vec();
    if !print.memo.is_empty() {
        form.extend(stored::encode(&print.memo)?);
    }
    Ok(Some(form))
}

/// The fingerprint of a form.
pub(crate) fn decode(form: Option<&[u8]>) -> Result<Fingerprint, StoreError> {
    let Some((shown, memo)) = form.and_then(<[u8]>::split_first_chunk) else {
        return Ok(Fingerprint::default());
    };
    Ok(Fingerprint {
        memo: match memo {
            [] => Memo::default(),
            memo => stored::decode(memo)?,
        },
        shown: Some(u64::from_le_bytes(*shown)),
    })
}
