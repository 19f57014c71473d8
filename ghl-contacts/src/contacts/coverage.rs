//! Which fields a route shows: where one is covered, absent means blank.

use crate::contacts::Contact;

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
    ($($(#[$doc:meta])* $name:ident = $member:ident [$($wire:literal),+]: $($route:ident)*;)+) => {
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

            fn has_value(self, contact: &Contact) -> bool {
                match self { $( Self::$name => contact.$member.is_some(), )+ }
            }

            const fn wire_names(self) -> &'static [&'static str] {
                match self { $( Self::$name => &[$( $wire ),+], )+ }
            }
        }
    };
}

fields! {
    /// `location_id`
    LocationId = location_id ["locationId"]: Get Create Search List;
    /// `first_name`
    FirstName = first_name ["firstName", "firstNameRaw"]: Get Create Search List;
    /// `last_name`
    LastName = last_name ["lastName", "lastNameRaw"]: Get Create Search List;
    /// `name`; the live `get` was seen without it
    Name = name ["name", "contactName"]: List;
    /// `email`
    Email = email ["email"]: Get Create Search List;
    /// `additional_emails`: reports disagree on whether they are shown at all
    AdditionalEmails = additional_emails ["additionalEmails"]: ;
    /// `phone`
    Phone = phone ["phone"]: Get Create Search List;
    /// `additional_phones`: like the additional e-mails
    AdditionalPhones = additional_phones ["additionalPhones"]: ;
    /// `company_name`
    CompanyName = company_name ["companyName"]: Get Create Search List;
    /// `business_id`
    BusinessId = business_id ["businessId"]: Get Create Search List;
    /// `address1`
    Address1 = address1 ["address1", "address"]: Get Create Search;
    /// `city`
    City = city ["city"]: Get Create Search;
    /// `state`
    State = state ["state"]: Get Create Search;
    /// `postal_code`
    PostalCode = postal_code ["postalCode"]: Get Create Search;
    /// `country`
    Country = country ["country"]: Get Create Search List;
    /// `website`
    Website = website ["website"]: Get Create;
    /// `timezone`
    Timezone = timezone ["timezone"]: Get List;
    /// `gender`: in no read schema
    Gender = gender ["gender"]: ;
    /// `date_of_birth`
    DateOfBirth = date_of_birth ["dateOfBirth"]: Get Create Search;
    /// `kind`
    Kind = kind ["type"]: Get Create Search;
    /// `source`
    Source = source ["source"]: Get Create Search List;
    /// `assigned_to`
    AssignedTo = assigned_to ["assignedTo"]: Get Create Search;
    /// `followers`
    Followers = followers ["followers"]: Search List;
    /// `tags`
    Tags = tags ["tags"]: Get Create Search List;
    /// `custom_fields`
    CustomFields = custom_fields ["customFields", "customField"]: Get Create Search List;
    /// `dnd`
    Dnd = dnd ["dnd"]: Get Create Search List;
    /// `dnd_settings`: search rows can lack it
    DndSettings = dnd_settings ["dndSettings"]: Get Create;
    /// `inbound_dnd_settings`: in no read schema
    InboundDndSettings = inbound_dnd_settings ["inboundDndSettings"]: ;
    /// `date_added`
    DateAdded = date_added ["dateAdded"]: Get Create Search List;
    /// `date_updated`
    DateUpdated = date_updated ["dateUpdated"]: Get Create Search List;
    /// `last_activity`
    LastActivity = last_activity ["lastActivity"]: Get List;
    /// `attribution_source`
    AttributionSource = attribution_source ["attributionSource"]: Get;
    /// `last_attribution_source`
    LastAttributionSource = last_attribution_source ["lastAttributionSource"]: Get;
    /// `attributions`
    Attributions = attributions ["attributions"]: List;
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

impl Contact {
    /// Whether this contact, read by `route`, tells what the field holds: it has a value,
    /// or it is surely blank. `false` is *not observed*, and no reason to change anything.
    ///
    /// Blank needs three things: the route shows the field, nothing unreadable came in its
    /// place, and a name is not there in its lower-case form only (published search rows
    /// show no other).
    ///
    /// ```
    /// use ghl_contacts::{Contact, ContactField, Route};
    /// let row: Contact = serde_json::from_value(serde_json::json!({
    ///     "id": "c", "firstNameLowerCase": "ada", "dateOfBirth": "in spring",
    /// }))?;
    /// assert!(row.tells(ContactField::Phone, Route::Search)); // blank
    /// for unknown in [ContactField::FirstName, ContactField::DateOfBirth, ContactField::Website] {
    ///     assert!(!row.tells(unknown, Route::Search));
    /// }
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn tells(&self, field: ContactField, route: Route) -> bool {
        field.has_value(self) || (route.shows(field) && !self.hides(field))
    }

    fn hides(&self, field: ContactField) -> bool {
        let lower = match field {
            ContactField::FirstName => &self.first_name_lower_case,
            ContactField::LastName => &self.last_name_lower_case,
            _ => &None,
        };
        let names = field.wire_names();
        lower.as_ref().is_some_and(|name| !name.is_empty())
            || names.iter().any(|name| self.extra.contains_key(*name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_under_its_wire_names() {
        for field in ContactField::ALL {
            for name in field.wire_names() {
                // An object is a shape that no scalar field reads.
                let odd = serde_json::json!({"id": "c", *name: [{"x": [1]}]});
                let contact: Contact = serde_json::from_value(odd).unwrap();
                let known = field.has_value(&contact) || contact.unreadable().any(|n| n == *name);
                assert!(known, "{field:?} is not read from {name}");
            }
        }
    }
}
