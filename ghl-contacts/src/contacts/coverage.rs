//! Which fields a route shows: where one is covered, absent means blank.

/// A way by which a contact is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Route {
    /// [`Contacts::get`](crate::Contacts::get), and the replies of update and upsert.
    Get,
    /// The reply of [`Contacts::create`](crate::Contacts::create).
    Create,
    /// Rows of [`Contacts::search`](crate::Contacts::search).
    Search,
    /// Rows of the deprecated list and of the list by business.
    List,
    /// The duplicate search; its body is not documented.
    Duplicate,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: $($route:ident)*;)+) => {
        /// The fields of a [`Contact`](crate::Contact) that a reader may depend on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ContactField { $( $(#[$doc])* $name, )+ }

        impl ContactField {
            /// Every field.
            pub const ALL: &[Self] = &[$( Self::$name ),+];

            const fn routes(self) -> &'static [Route] {
                match self { $( Self::$name => &[$( Route::$route ),*], )+ }
            }
        }
    };
}

fields! {
    /// `location_id`
    LocationId: Get Create Search List;
    /// `first_name`
    FirstName: Get Create Search List;
    /// `last_name`
    LastName: Get Create Search List;
    /// `name`; the live `get` was seen without it
    Name: List;
    /// `email`
    Email: Get Create Search List;
    /// `additional_emails`: seen in some answers, missing in others
    AdditionalEmails: Search;
    /// `phone`
    Phone: Get Create Search List;
    /// `additional_phones`: like the additional e-mails
    AdditionalPhones: Search;
    /// `company_name`
    CompanyName: Get Create Search List;
    /// `business_id`
    BusinessId: Get Create Search List;
    /// `address1`
    Address1: Get Create Search;
    /// `city`
    City: Get Create Search;
    /// `state`
    State: Get Create Search;
    /// `postal_code`
    PostalCode: Get Create Search;
    /// `country`
    Country: Get Create Search List;
    /// `website`
    Website: Get Create;
    /// `timezone`
    Timezone: Get List;
    /// `gender`: in no read schema
    Gender: ;
    /// `date_of_birth`
    DateOfBirth: Get Create Search;
    /// `kind`
    Kind: Get Create Search;
    /// `source`
    Source: Get Create Search List;
    /// `assigned_to`
    AssignedTo: Get Create Search;
    /// `followers`
    Followers: Search List;
    /// `tags`
    Tags: Get Create Search List;
    /// `custom_fields`
    CustomFields: Get Create Search List;
    /// `dnd`
    Dnd: Get Create Search List;
    /// `dnd_settings`: search rows can lack it
    DndSettings: Get Create;
    /// `inbound_dnd_settings`: in no read schema
    InboundDndSettings: ;
    /// `date_added`
    DateAdded: Get Create Search List;
    /// `date_updated`
    DateUpdated: Get Create Search List;
    /// `last_activity`
    LastActivity: Get List;
    /// `attribution_source`
    AttributionSource: Get;
    /// `last_attribution_source`
    LastAttributionSource: Get;
    /// `attributions`
    Attributions: List;
}

impl Route {
    /// Whether this route shows the field, so that `None` there means "blank".
    ///
    /// `false` says that `None` tells nothing; a value that is there is one all the same.
    /// From the published schemas and live reports; where the two disagree, `false`.
    ///
    /// ```
    /// use ghl_contacts::{ContactField, Route};
    /// assert!(Route::Get.shows(ContactField::DndSettings));
    /// assert!(!Route::Search.shows(ContactField::DndSettings));
    /// ```
    pub fn shows(self, field: ContactField) -> bool {
        field.routes().contains(&self)
    }
}
