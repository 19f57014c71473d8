//! Users: whom contacts and tasks are assigned to.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    client::Client,
    error::Result,
    ids::{LocationId, UserId},
    locations::{Location, operations::USERS},
    record::{nested, record},
};

record! {
    /// A user of a location or an agency.
    pub struct User {
        /// The id.
        pub id: UserId = "id" from ["id", "_id"],
        /// The whole name.
        pub name: Option<String> = "name",
        /// First name.
        pub first_name: Option<String> = "firstName",
        /// Last name.
        pub last_name: Option<String> = "lastName",
        /// E-mail address: what users of two systems are paired by.
        pub email: Option<String> = "email",
        /// Phone number.
        pub phone: Option<String> = "phone",
        /// Extension of the phone.
        pub extension: Option<String> = "extension",
        /// What the user may do in the dashboard, as it came.
        pub permissions: Option<Value> = "permissions",
        /// What the user may do, by name.
        pub scopes: Option<Vec<String>> = "scopes",
        /// The user's role.
        pub roles: Option<UserRole> = "roles",
        /// Whether the user is deleted.
        pub deleted: Option<bool> = "deleted",
        /// The user's numbers by location, as they came.
        pub lc_phone: Option<Value> = "lcPhone",
        /// The language of the dashboard.
        pub platform_language: Option<String> = "platformLanguage",
    }
}
nested!(User);

record! {
    /// A user's role.
    pub struct UserRole {
        /// `account` or `agency`.
        pub kind: Option<String> = "type",
        /// `admin` or `user`.
        pub role: Option<String> = "role",
        /// The locations that the user sees.
        pub location_ids: Option<Vec<LocationId>> = "locationIds",
        /// Whether the user is kept to those locations.
        pub restrict_sub_account: Option<bool> = "restrictSubAccount",
    }
}
nested!(UserRole);

pub(crate) mod operations {
    //! The user operations that are not a location's.

    use api_transport::Definition;

    use crate::operation::table;

    table! {
        area "users";
        GET = Definition::get("users.get", "/users/{userId}"), [UsersReadonly], "get-user";
    }
}

#[derive(Deserialize)]
struct ListReply {
    #[serde(default)]
    users: Vec<User>,
}

impl Location {
    /// The users of the location, in one answer.
    ///
    /// Scope: `users.readonly`. Deprecated by HighLevel in favour of a search by agency, which a
    /// sub-account's token cannot fill in; a 401 was seen under v3.
    pub async fn users(&self) -> Result<Vec<User>> {
        let op = USERS.of([]).query("locationId", self.id());
        Ok(self.client().send::<ListReply>(op).await?.users)
    }
}

impl Client {
    /// Reads a user.
    ///
    /// Scope: `users.readonly`.
    pub async fn user(&self, id: &UserId) -> Result<User> {
        self.send(operations::GET.of([id.as_str()])).await
    }
}
