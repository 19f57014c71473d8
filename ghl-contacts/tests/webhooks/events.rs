//! The payloads of the official pages, and what real deliveries were seen to do to them.

use ghl_contacts::{
    EventTime,
    webhooks::{Event, VerifiedEvent},
};
use serde_json::{Value, json};

use crate::signer::Signer;

fn event(body: &Value) -> Event {
    Event::from_slice(body.to_string().as_bytes()).unwrap()
}

fn verified(body: &Value) -> VerifiedEvent {
    let signer = Signer::new(1);
    let (headers, body) = signer.sign(body);
    signer.verifier().verify(&headers, body).unwrap()
}

fn contact(kind: &str) -> Value {
    json!({
        "type": kind, "locationId": "l", "id": "c", "address1": "3535 1st St N", "city": "ruDolomitebika",
        "companyName": "Loram", "country": "DE", "source": "xyz form", "dateAdded": "2021-11-26T12:41:02.193Z",
        "dateOfBirth": "2000-01-05T00:00:00.000Z", "dnd": true, "email": "a@b.c", "name": "Ada King",
        "firstName": "Ada", "lastName": "King", "phone": "+919509597501", "postalCode": "452001",
        "state": "MP", "tags": ["vip"], "website": "https://b.c", "attachments": [], "assignedTo": "u",
        "customFields": [{"id": "f", "value": 1.5}, {"id": "g", "value": ["a"]}],
        "timestamp": "2026-11-25T10:00:00.000Z", "webhookId": "w", "appId": "a", "versionId": "v",
    })
}

#[test]
fn the_contact_events_show_a_contact_and_leave_no_member_unread() {
    for kind in [
        "ContactCreate",
        "ContactUpdate",
        "ContactDelete",
        "ContactTagUpdate",
        "ContactDndUpdate",
    ] {
        let told = event(&contact(kind));
        assert_eq!(told.kind(), kind);
        let (Event::ContactCreate(contact)
        | Event::ContactUpdate(contact)
        | Event::ContactDelete(contact)
        | Event::ContactTagUpdate(contact)
        | Event::ContactDndUpdate(contact)) = told
        else {
            panic!("{told:?}");
        };
        assert!(contact.extra.is_empty(), "{:?}", contact.extra);
        assert_eq!(
            contact.kind, None,
            "the event's name is not the contact's type"
        );
        assert_eq!(contact.date_of_birth, Some(jiff::civil::date(2000, 1, 5)));
        assert_eq!(contact.custom_fields.as_ref().unwrap().len(), 2);
    }
}

#[test]
fn do_not_disturb_comes_with_a_channel_that_no_schema_has() {
    let mut body = contact("ContactDndUpdate");
    body["dndSettings"] = json!({
        "RCS": {"status": "active", "code": "103", "message": "Updated by 'Ada' at 2026-11-25T10:00:00Z"},
        "Email": {"status": "inactive", "message": "", "code": ""}, "Call": {"status": "permanent"},
    });
    let Event::ContactDndUpdate(contact) = event(&body) else {
        panic!("{body}");
    };
    let settings = contact.dnd_settings.unwrap();
    assert_eq!(settings.rcs.unwrap().code.as_deref(), Some("103"));
    assert!(settings.extra.is_empty());
}

#[test]
fn note_events_show_a_note() {
    for kind in ["NoteCreate", "NoteUpdate", "NoteDelete"] {
        let told = event(
            &json!({"type": kind, "locationId": "l", "id": "n", "body": "b", "contactId": "c",
            "dateAdded": "2021-11-26T12:41:02.193Z"}),
        );
        assert_eq!(told.kind(), kind);
        assert_eq!(told.contact_id(), Some(&"c".into()));
        assert!(!matches!(told, Event::Other { .. }));
    }
}

#[test]
fn a_task_without_its_contact_is_a_task_event_all_the_same() {
    for kind in ["TaskCreate", "TaskComplete", "TaskDelete"] {
        let told = event(
            &json!({"type": kind, "locationId": "l", "id": "t", "assignedTo": "u",
            "title": "Call", "dateAdded": "2021-11-26T12:41:02.193Z", "dueDate": "2021-12-22T06:55:00.000Z"}),
        );
        assert_eq!((told.kind(), told.contact_id()), (kind, None));
        let (Event::TaskCreate(task) | Event::TaskComplete(task) | Event::TaskDelete(task)) = told
        else {
            panic!("{told:?}");
        };
        assert_eq!(task.extra.keys().collect::<Vec<_>>(), [""; 0]);
        assert!(task.due_date.is_some());
    }
}

#[test]
fn an_appointment_is_found_below_its_own_member_with_exact_times() {
    for kind in [
        "AppointmentCreate",
        "AppointmentUpdate",
        "AppointmentDelete",
    ] {
        let told = event(&json!({"type": kind, "locationId": "l", "appointment": {
            "id": "e", "address": "https://meet.example.com", "title": "Appointment", "calendarId": "k",
            "contactId": "c", "groupId": "g", "appointmentStatus": "confirmed", "assignedUserId": "u",
            "users": ["u"], "notes": "n", "source": "booking_widget",
            "startTime": "2023-09-25T16:00:00+05:30", "endTime": "2023-09-25T16:00:00+05:30",
            "dateAdded": "2023-09-25T16:00:00+05:30", "dateUpdated": "2023-09-25T16:00:00+05:30",
        }}));
        assert_eq!(told.kind(), kind);
        let (Event::AppointmentCreate(event)
        | Event::AppointmentUpdate(event)
        | Event::AppointmentDelete(event)) = told
        else {
            panic!("{told:?}");
        };
        assert!(event.extra.is_empty(), "{:?}", event.extra);
        assert!(matches!(event.start_time, Some(EventTime::Exact(_))));
    }
}

#[test]
fn an_install_shows_who_where_and_on_what_terms() {
    let told = verified(&json!({"type": "INSTALL", "appId": "a", "versionId": "v",
        "installType": "Location", "locationId": "l", "companyId": "o", "userId": "u",
        "companyName": "Deos", "isWhitelabelCompany": true,
        "whitelabelDetails": {"logoUrl": "https://b.c/l.png", "domain": "b.c"}, "planId": "p",
        "trial": {"onTrial": true, "trialDuration": 10, "trialStartDate": "2024-07-23T23:54:51.264Z"},
        "timestamp": "2025-06-25T06:57:06.225Z", "webhookId": "w"}));
    assert_eq!(told.location_id(), Some(&"l".into()));
    assert_eq!(told.envelope().app_id, Some("a".into()));
    let Event::Install(installed) = told.event() else {
        panic!("{told:?}");
    };
    assert!(installed.extra.is_empty(), "{:?}", installed.extra);
    assert_eq!(installed.trial.as_ref().unwrap().trial_duration, Some(10));
    let details = installed.whitelabel_details.as_ref().unwrap();
    assert_eq!(details.domain.as_deref(), Some("b.c"));
}

#[test]
fn an_uninstall_names_a_location_or_an_agency() {
    let told = event(&json!({"type": "UNINSTALL", "appId": "a", "companyId": "o"}));
    let Event::Uninstall(gone) = told else {
        panic!("{told:?}");
    };
    assert_eq!(
        (gone.company_id, gone.location_id),
        (Some("o".into()), None)
    );
    assert!(gone.extra.is_empty());
}

#[test]
fn location_events_show_a_location() {
    for kind in ["LocationCreate", "LocationUpdate"] {
        let told = event(
            &json!({"type": kind, "id": "l", "companyId": "o", "name": "North", "email": "a@b.c",
            "stripeProductId": "prod_1"}),
        );
        let (Event::LocationCreate(location) | Event::LocationUpdate(location)) = told else {
            panic!("{told:?}");
        };
        assert!(location.extra.is_empty());
    }
}

#[test]
fn what_is_new_or_odd_is_carried_as_it_came() {
    let new = json!({"type": "BusinessCreate", "id": "b", "x": [1], "webhookId": "w", "fresh": {"y": null}});
    let Event::Other { kind, members } = event(&new) else {
        panic!("{new}");
    };
    assert_eq!(kind, "BusinessCreate");
    let left = json!({"id": "b", "x": [1], "fresh": {"y": null}});
    assert_eq!(Value::Object(members), left);

    let odd = json!({"type": "ContactCreate", "email": "no id"});
    let told = event(&odd);
    assert_eq!(told.kind(), "ContactCreate");
    assert!(matches!(told, Event::Other { .. }), "{told:?}");
}

#[test]
fn one_odd_member_does_not_lose_the_event() {
    let mut body = contact("ContactUpdate");
    body["dateOfBirth"] = json!("in spring");
    body["customFields"] = json!({"not": "a list of fields"});
    let Event::ContactUpdate(contact) = event(&body) else {
        panic!("{body}");
    };
    assert_eq!(contact.email.as_deref(), Some("a@b.c"));
    let odd: Vec<_> = contact.unreadable().collect();
    assert_eq!(odd, ["dateOfBirth", "customFields"]);
}

#[test]
fn a_delivery_without_an_id_is_told_by_its_body() {
    let one = verified(&json!({"type": "UNINSTALL", "companyId": "o"}));
    let same = verified(&json!({"type": "UNINSTALL", "companyId": "o"}));
    let other = verified(&json!({"type": "UNINSTALL", "companyId": "p"}));
    assert_eq!(one.delivery_id(), same.delivery_id());
    assert_ne!(one.delivery_id(), other.delivery_id());
    let told = verified(&json!({"type": "UNINSTALL", "webhookId": "w"}));
    assert_eq!(told.delivery_id().as_str(), "w");
}

#[test]
fn every_kind_that_is_listed_is_typed() {
    for kind in Event::KINDS {
        let body = json!({"type": kind, "id": "x", "appointment": {"id": "x"}});
        let told = event(&body);
        assert!(!matches!(told, Event::Other { .. }), "{kind}");
        assert_eq!(told.kind(), *kind);
    }
}
