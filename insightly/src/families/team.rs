//! Teams and their members.

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    client::Client,
    error::Result,
    ids::{TeamId, TeamMemberId, UserId},
    model::record,
    record::{Payload, TooLong},
    records::Records,
    shape::calls,
};

record! {
    /// A team of users.
    Team(id: TeamId = "TEAM_ID");

    /// What a team is made of.
    NewTeam;

    /// What is changed of a team.
    TeamUpdate;

    required {
        /// The name.
        name: String = "TEAM_NAME" [255],
    }
    writable {}
    lists {
        /// The members. Those of an anonymous team are changed only here, all at once.
        members: NewTeamMember = "TEAMMEMBERS",
    }
    on_create {}
    read {
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// Whether the system made it, because a record is shared with single users.
        anonymous: bool = "ANONYMOUS_TEAM",
    }
}

record! {
    /// A user's membership in a team.
    TeamMember(id: TeamMemberId = "PERMISSION_ID");
    read {
        /// The team.
        team_id: TeamId = "TEAM_ID",
        /// The user.
        user_id: UserId = "MEMBER_USER_ID",
    }
}

/// A user's membership in a team, stored or to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NewTeamMember {
    /// The user.
    #[serde(rename = "MEMBER_USER_ID")]
    pub user_id: UserId,
    /// The team; below a team it is known.
    #[serde(
        rename = "TEAM_ID",
        default,
        deserialize_with = "crate::form::read",
        skip_serializing_if = "Option::is_none"
    )]
    pub team_id: Option<TeamId>,
    /// Its id, once it is stored: what `remove_member` takes.
    #[serde(
        rename = "PERMISSION_ID",
        default,
        deserialize_with = "crate::form::read",
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<TeamMemberId>,
    /// Members that this crate does not know. They are kept here and never sent.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl NewTeamMember {
    /// Of this user in this team.
    pub fn new(user: UserId, team: TeamId) -> Self {
        Self {
            user_id: user,
            team_id: Some(team),
            id: None,
            extra: serde_json::Map::new(),
        }
    }
}

impl From<UserId> for NewTeamMember {
    fn from(user: UserId) -> Self {
        Self {
            user_id: user,
            team_id: None,
            id: None,
            extra: serde_json::Map::new(),
        }
    }
}

impl Payload for NewTeamMember {
    fn check(&self) -> Result<(), TooLong> {
        Ok(())
    }

    crate::record::known_alone!();
}

pub(crate) mod teams {
    use super::{NewTeam, Team, TeamUpdate};
    use crate::{
        shape::family,
        shapes::{changed, created, deleted, listed, read_by_id},
    };

    family!(
        Team, "teams", "/Teams":
        listed, read_by_id as errors(&[400, 401, 404]),
        created(New = NewTeam) as admin_only() as errors(&[400, 401]),
        changed(Update = TeamUpdate) as admin_only() as errors(&[400, 401, 404]),
        deleted as admin_only() as errors(&[401, 404, 417]),
    );
}

pub(crate) mod members {
    use super::{NewTeamMember, TeamMember};
    use crate::{
        shape::family,
        shapes::{created, deleted, listed, read_by_id},
    };

    family!(
        TeamMember, "team_members", "/TeamMembers":
        listed, read_by_id as errors(&[400, 401, 404]),
        created(New = NewTeamMember) as admin_only() as errors(&[400, 401, 403]),
        deleted as admin_only() as errors(&[401, 403, 404, 417]),
    );
}

pub(crate) mod membership {
    use super::calls;

    calls! { "teams":
        ADD: post "add_member" "/Teams/{id}/TeamMembers" admin_only [400 401 404];
        REMOVE: delete "remove_member" "/Teams/{id}/TeamMembers/{permissionId}" admin_only [401 404 417];
    }

    pub(super) const OF: (&crate::ApiOperation, &crate::ApiOperation) = (&ADD, &REMOVE);
}

impl Records<Team> {
    /// Adds a user to the team.
    pub async fn add_member(&self, id: TeamId, user: UserId) -> Result<TeamMember> {
        let op = self.op(membership::OF.0, &[&id.to_string()]);
        self.client()
            .send(op.json(&NewTeamMember::from(user)))
            .await
    }

    /// Takes a user out of the team.
    pub async fn remove_member(&self, id: TeamId, member: TeamMemberId) -> Result<()> {
        let op = self.op(membership::OF.1, &[&id.to_string(), &member.to_string()]);
        self.client().send_unit(op).await
    }
}

impl Client {
    /// The teams. Changing them takes an administrator's key.
    pub fn teams(&self) -> Records<Team> {
        Records::new(self)
    }

    /// The memberships in all teams. Changing them takes an administrator's key.
    pub fn team_members(&self) -> Records<TeamMember> {
        Records::new(self)
    }
}
