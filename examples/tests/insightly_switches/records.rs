//! What was written reads back; what is not told is absent, and not empty.

use insightly::{
    ContactUpdate, CustomField, Edit, NewContact, NewNote, NewOpportunity, NewTask, Occasion,
    TaskUpdate,
};
use jiff::civil::date;

use crate::account::Account;

pub(crate) async fn read_as_they_were_written(account: &Account) {
    texts_and_days(account).await;
    custom_fields(account).await;
    parts(account).await;
    steps(account).await;
    html_and_emails(account).await;
}

async fn texts_and_days(account: &Account) {
    let born = date(1981, 2, 3);
    let new = NewContact::new("Ada").title("").date_of_birth(born);
    let id = account.made(&new).await.id;
    let read = account.read(id).await;
    assert_eq!(read.date_of_birth, Some(born), "{:?}", account.set);
    // Nothing is nothing, in either spelling.
    assert!(read.title.is_none_or(|title| title.is_empty()));

    let update = ContactUpdate::of(id).title("CEO");
    account.good(account.client.contacts().update(&update).await);
    let update = ContactUpdate::of(id).phone("+1 555 0100");
    account.good(account.client.contacts().update(&update).await);
    let read = account.read(id).await;
    assert_eq!(read.title.as_deref(), Some("CEO"));
    assert_eq!(read.phone.as_deref(), Some("+1 555 0100"));
    let update = ContactUpdate::of(id).title(Edit::Clear);
    account.good(account.client.contacts().update(&update).await);
    assert_eq!(account.read(id).await.title, None, "{:?}", account.set);
}

async fn custom_fields(account: &Account) {
    let anchor = || CustomField::text("GHL_ID__c", "abc");
    let new = NewContact::new("Ada").custom_fields([anchor()]);
    let id = account.made(&new).await.id;
    let fields = account.good(account.client.custom_fields("Contacts").await);
    let other = fields
        .iter()
        .find(|field| field.name != "GHL_ID__c" && field.set("gold").is_ok());
    let other = other.unwrap().set("gold").unwrap();
    let update = ContactUpdate::of(id).custom_fields([other.clone()]);
    account.good(account.client.contacts().update(&update).await);
    let read = account.read(id).await;
    let text = |name: &str| {
        let field = read.custom_field(name);
        field.and_then(|field| field.as_text().map(str::to_owned))
    };
    assert_eq!(text(&other.name).as_deref(), Some("gold"));
    let merged = !account.is("custom_fields_put", "replaces");
    let kept = merged.then(|| "abc".to_owned());
    assert_eq!(text("GHL_ID__c"), kept, "{:?}", account.set);
    // A field that nobody filled has no value, listed or not.
    let blank = account.made(&NewContact::new("Eve")).await;
    let blank = blank.custom_field("GHL_ID__c");
    assert!(blank.is_none_or(CustomField::is_blank));
}

async fn parts(account: &Account) {
    let contacts = account.client.contacts();
    let wedding = Occasion::new("Wedding", date(2020, 6, 1));
    let new = NewContact::new("Ada").dates([wedding]);
    let id = account.made(&new).await.id;
    let founded = Occasion::new("Founded", date(2021, 6, 1));
    account.good(contacts.set_dates(id, &[founded]).await);
    account.wait(2);
    let dates = account.good(contacts.dates(id).await);
    let names: Vec<_> = dates
        .iter()
        .map(|date| date.name.as_deref().unwrap())
        .collect();
    let expected: &[&str] = if account.is("parts_put", "upserts") {
        &["Wedding", "Founded"]
    } else {
        &["Founded"]
    };
    assert_eq!(names, expected, "{:?}", account.set);

    account.good(contacts.add_tag(id, "vip").await);
    account.good(contacts.add_tag(id, "VIP").await);
    account.wait(2);
    let tags = account.good(contacts.tags(id).await);
    let names: Vec<_> = tags.iter().map(|tag| tag.name.as_str()).collect();
    let expected: &[&str] = if account.is("tag_case", "kept_apart") {
        &["vip", "VIP"]
    } else {
        &["vip"]
    };
    assert_eq!(names, expected, "{:?}", account.set);
}

async fn steps(account: &Account) {
    let tasks = account.client.tasks();
    let made = account.good(tasks.create(&NewTask::new("Call")).await);
    let update = TaskUpdate::of(made.value.id).completed(true);
    account.good(tasks.update(&update).await);
    let read = account.good(tasks.get(made.value.id).await).value;
    assert_eq!(read.completed, Some(true), "{:?}", account.set);
    let completed = read.status.as_deref() == Some("COMPLETED");
    assert_eq!(completed, !account.is("task_step", "as_sent"));

    let new = NewOpportunity::new("Deal").state("Won");
    let made = account.good(account.client.opportunities().create(&new).await);
    let state = made.value.state.unwrap();
    assert!(state.eq_ignore_ascii_case("won"), "{state}");
}

async fn html_and_emails(account: &Account) {
    let contact = account.made(&NewContact::new("Ada")).await.id;
    let body = "<p>Hi</p><script>x</script>";
    let note = NewNote::new("Call").body(body);
    let made = account.client.contacts().add_note(contact, &note).await;
    let made = account.good(made).value;
    let read = account
        .good(account.client.notes().get(made.id).await)
        .value;
    assert_eq!(read.body, made.body);
    let read = read.body.unwrap();
    assert!(read.contains("<p>Hi</p>"), "{read}");
    assert_eq!(read.contains("script"), !account.is("html", "sanitised"));

    let emails = account.client.emails();
    let first = lists_first(account).await;
    let read = account.good(emails.get(first).await).value;
    let shown = !account.is("email_body", "absent");
    let expected = shown.then(|| "Hi".to_owned());
    assert_eq!(read.body, expected, "{:?}", account.set);
}

async fn lists_first(account: &Account) -> insightly::EmailId {
    use futures_util::TryStreamExt;
    account.wait(10);
    let rows = account.client.emails().list(&insightly::ListQuery::new());
    let rows: Vec<_> = account.good(rows.try_collect().await);
    assert!(rows[0].body.is_none(), "a list shows no bodies");
    rows[0].id
}
