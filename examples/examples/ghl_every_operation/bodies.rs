//! What is sent: every field, or what is required.

use ghl_contacts::{
    ContactQuery, ContactUpdate, CustomFieldWrite, DndEdit, DndSetting, DndStatus, DuplicateKey,
    Filter, InboundDndEdit, LocationId, NewContact, NewTask, NoteEdit, SearchField, TaskUpdate,
    UserId,
};
use jiff::{Timestamp, civil::date};

pub(crate) struct Bodies {
    pub(crate) minimal: bool,
    /// Tells this run's people from those of earlier ones.
    run: i64,
    due: Timestamp,
    location: LocationId,
    user: UserId,
    custom_fields: Vec<CustomFieldWrite>,
}

fn dnd() -> DndEdit {
    let quiet = || {
        DndSetting::new(DndStatus::Inactive)
            .message("as asked")
            .code("103")
    };
    let mut all = DndEdit::new().call(quiet()).email(quiet()).sms(quiet());
    all = all.whats_app(quiet()).gmb(quiet()).fb(quiet());
    all
}

fn inbound() -> InboundDndEdit {
    InboundDndEdit::all(DndSetting::new(DndStatus::Inactive).message("as asked"))
}

impl Bodies {
    pub(crate) fn new(place: &crate::Place, minimal: bool) -> Self {
        let now = Timestamp::now();
        Self {
            minimal,
            run: now.as_millisecond(),
            due: now,
            location: place.location.clone(),
            user: place.user.clone(),
            custom_fields: place.custom_fields.clone(),
        }
    }

    pub(crate) fn email(&self, who: &str) -> String {
        format!("{who}.{}@every.example.com", self.run)
    }

    pub(crate) fn phone(&self, last: i64) -> String {
        format!("+1415555{:03}{last}", self.run / 10 % 1_000)
    }

    /// An e-mail is in both: the location alone makes no contact.
    pub(crate) fn contact(&self, who: &str, last: i64) -> NewContact {
        let new = NewContact::in_location(&self.location).email(self.email(who));
        if self.minimal {
            return new;
        }
        let new = new
            .first_name("Ada")
            .last_name("King")
            .name("Ada King")
            .phone(self.phone(last))
            .gender("female")
            .address1("3535 1st St N")
            .city("Dolomite")
            .state("AL")
            .postal_code("35061")
            .country("US")
            .website("https://every.example.com")
            .timezone("America/Chihuahua")
            .date_of_birth(date(1990, 9, 25))
            .company_name("Every operation")
            .source("public api")
            .assigned_to(&self.user)
            .tag("every")
            .dnd(false)
            .dnd_settings(dnd())
            .inbound_dnd_settings(inbound());
        let fields = self.custom_fields.iter().cloned();
        fields.fold(new, NewContact::custom_field)
    }

    pub(crate) fn update(&self) -> ContactUpdate {
        if self.minimal {
            return ContactUpdate::new();
        }
        let update = ContactUpdate::new()
            .first_name("Augusta")
            .last_name("Lovelace")
            .name("Augusta Lovelace")
            .email(self.email("augusta"))
            .phone(self.phone(1))
            .address1("12 St James's Square")
            .city("London")
            .state("London")
            .postal_code("SW1Y 4JH")
            .country("GB")
            .website("https://augusta.example.com")
            .timezone("Europe/London")
            .date_of_birth(date(1815, 12, 10))
            .source("public api")
            .assigned_to(self.user.clone())
            .tags(["every", "operation"])
            .dnd(false)
            .dnd_settings(dnd())
            .inbound_dnd_settings(inbound());
        let fields = self.custom_fields.iter().cloned();
        fields.fold(update, ContactUpdate::custom_field)
    }

    pub(crate) fn query(&self) -> ContactQuery {
        let query = ContactQuery::in_location(&self.location).page_size(1);
        if self.minimal {
            return query;
        }
        query
            .text("every")
            .filter(Filter::any([
                Filter::eq(SearchField::TAGS, "every"),
                Filter::all([Filter::updated_at_least(self.due), Filter::exists("email")]),
            ]))
            .ascending(SearchField::DATE_UPDATED)
            .descending(SearchField::EMAIL)
    }

    pub(crate) fn duplicate(&self) -> DuplicateKey {
        let key = DuplicateKey::email(self.email("ada"));
        if self.minimal {
            return key;
        }
        key.or_phone(self.phone(1))
    }

    pub(crate) fn task(&self) -> NewTask {
        let task = NewTask::due("Call Ada", self.due);
        if self.minimal {
            return task;
        }
        task.body("about the offer")
            .completed(false)
            .assigned_to(&self.user)
    }

    pub(crate) fn task_update(&self) -> TaskUpdate {
        if self.minimal {
            return TaskUpdate::new();
        }
        TaskUpdate::new()
            .title("Call Ada again")
            .body("about the answer")
            .due_date(self.due)
            .completed(false)
            .assigned_to(self.user.clone())
    }

    pub(crate) fn note(&self) -> NoteEdit {
        let note = NoteEdit::body("Called, will call back");
        if self.minimal {
            return note;
        }
        note.user_id(&self.user)
            .title("Follow-up")
            .color("#FFAA00")
            .pinned(true)
    }

    pub(crate) fn starts(&self) -> Option<Timestamp> {
        (!self.minimal).then_some(self.due)
    }

    /// A text where one can be given.
    pub(crate) fn text(&self) -> Option<&'static str> {
        (!self.minimal).then_some("every")
    }
}
