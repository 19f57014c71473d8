//! Lists and searches; and what limits make of them.

use std::time::Duration;

use futures_util::TryStreamExt;
use insightly::{Contact, ErrorKind, ListQuery, NewContact, SearchQuery};
use jiff::SignedDuration;

use crate::account::Account;

pub(crate) async fn leave_nothing_out(account: &Account) {
    let contacts = account.client.contacts();
    let ada = account
        .made(&NewContact::new("Adamantia").tags(["vip"]))
        .await;
    let soon: Vec<Contact> = account.good(contacts.list(&ListQuery::new()).try_collect().await);
    let shown = soon.iter().any(|contact| contact.id == ada.id);
    assert_eq!(shown, !account.is("list_lag", "5s"), "{:?}", account.set);
    account.wait(10);

    let large = ListQuery::new().page_size(10_000);
    let all: Vec<Contact> = account.good(contacts.list(&large).try_collect().await);
    assert_eq!(all.len() as u64, account.good(contacts.count().await));
    assert!(all.iter().any(|contact| contact.id == ada.id));
    let brief = ListQuery::new().brief();
    let brief: Vec<Contact> = account.good(contacts.list(&brief).try_collect().await);
    assert_eq!(brief.len(), all.len());
    assert!(brief.iter().all(|contact| contact.tags.is_none()
        && contact.links.is_none()
        && contact.custom_fields.is_none()));

    let search = async |query: SearchQuery| {
        let found: Result<Vec<Contact>, _> = contacts.search(&query).try_collect().await;
        found.map(|found| found.iter().any(|contact| contact.id == ada.id))
    };
    let stamp = ada.date_updated.unwrap();
    let before = stamp - SignedDuration::from_secs(1);
    let query = SearchQuery::new();
    assert!(account.good(search(query.clone().updated_after(before)).await));
    let now = search(query.clone().updated_after(stamp)).await;
    let inclusive = !account.is("updated_after", "exclusive");
    assert_eq!(account.good(now), inclusive, "{:?}", account.set);

    let named = |name: &str| query.clone().field("FIRST_NAME", name);
    assert!(account.good(search(named("Adamantia")).await));
    let upper = account.good(search(named("ADAMANTIA")).await);
    assert_eq!(upper, !account.is("search_case", "exact"));

    let later = stamp + SignedDuration::from_hours(1);
    let both = search(named("Adamantia").updated_after(later)).await;
    let refused = account.is("two_filters", "refused");
    let both = account.refused_if(refused, both, &ErrorKind::Invalid);
    let ignored = account.is("two_filters", "date_ignored");
    assert_eq!(both, (!refused).then_some(ignored), "{:?}", account.set);
}

pub(crate) async fn limits_are_told_apart(account: &Account) {
    let crm = account.sandbox.insightly();
    crm.set_rate_limits(true);
    crm.set_rate(0, Duration::from_secs(1), 10_000);
    let burst = account.client.me().await.unwrap_err();
    assert_eq!(*burst.kind(), ErrorKind::RateLimited, "{:?}", account.set);
    let told = !account.is("retry_after", "absent");
    assert_eq!(burst.retry_after().is_some(), told, "{:?}", account.set);
    crm.set_rate(10, Duration::from_secs(1), 0);
    let day = account.client_of(account.sandbox.insightly_api_key());
    let day = day.me().await.unwrap_err();
    let exhausted = matches!(day.kind(), ErrorKind::DayExhausted { .. });
    assert!(exhausted, "{day} under {:?}", account.set);
}
