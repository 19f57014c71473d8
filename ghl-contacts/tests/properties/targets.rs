//! What must hold for any bytes. The fuzz targets in `ghl-contacts/fuzz` call the same.

use ghl_contacts::{
    Bytes, HeaderMap, HeaderName, HeaderValue,
    webhooks::{Event, Refusal, Scheme, Verifier},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::signer::Signer;

/// Whatever can be read can be written and reads the same again.
fn reads_back<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    let Ok(read) = serde_json::from_slice::<T>(bytes) else {
        return;
    };
    let written = serde_json::to_vec(&read).unwrap();
    assert_eq!(serde_json::from_slice::<T>(&written).unwrap(), read);
}

macro_rules! models {
    ($($model:ident),+ $(,)?) => {
        use ghl_contacts::{$($model),+};

        /// Decodes as every model.
        pub(crate) fn decode(bytes: &[u8]) {
            $( reads_back::<$model>(bytes); )+
            let _ = Event::from_slice(bytes);
        }
    };
}

models! {
    Business, CalendarEvent, Contact, CustomField, CustomFieldDefinition, DndSettings,
    FieldFolder, InstalledLocation, InstalledLocations, ListMeta, ListPage, LocationDetails,
    LocationTag, Note, ObjectField, Task, User,
}

/// A delivery: a first line that is the signature header's value, and a body.
pub(crate) fn webhook_input(bytes: &[u8], signer: &Signer, verifier: &Verifier) {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (line, body) = bytes.split_at(end.unwrap_or(bytes.len()));
    let body = Bytes::copy_from_slice(body.strip_prefix(b"\n").unwrap_or(body));
    for scheme in [Scheme::Ed25519, Scheme::Rsa] {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static(scheme.header()), value);
            // Nobody but the signer can have made this.
            let said = verifier.verify(&headers, body.clone());
            let right = headers == signer.headers(&body);
            assert!(said.is_err() || right, "{headers:?} believed");
        }
    }
    match verifier.verify(&signer.headers(&body), body.clone()) {
        Ok(told) => assert_eq!(told.body(), &body),
        Err(refusal) => assert!(
            matches!(refusal, Refusal::NotAnEvent(_) | Refusal::TooLarge { .. }),
            "a right signature is refused: {refusal}"
        ),
    }
}
