//! An Insightly that has contacts and nothing else: as many as the path's first part says.

use contest::Result;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A full contact with three custom fields; `#` stands for its number.
const CONTACT: &str = r#"{"CONTACT_ID":#,"SALUTATION":null,"FIRST_NAME":"Ada #","LAST_NAME":"Example","IMAGE_URL":null,"BACKGROUND":"Met at the fair; wants an offer for the roof before winter comes.","VISIBLE_TO":"EVERYONE","OWNER_USER_ID":2240001,"VISIBLE_TEAM_ID":null,"DATE_CREATED_UTC":"2025-04-19 00:49:32","DATE_UPDATED_UTC":"2025-04-22 20:03:25","SOCIAL_LINKEDIN":null,"SOCIAL_FACEBOOK":null,"SOCIAL_TWITTER":null,"DATE_OF_BIRTH":"1981-02-03 00:00:00","PHONE":"+1 555 0100","PHONE_HOME":null,"PHONE_MOBILE":"+1 555 0101","PHONE_OTHER":null,"PHONE_ASSISTANT":null,"PHONE_FAX":null,"EMAIL_ADDRESS":"ada.#@example.com","ASSISTANT_NAME":null,"ADDRESS_MAIL_STREET":"1 Main Street","ADDRESS_MAIL_CITY":"Springfield","ADDRESS_MAIL_STATE":"IL","ADDRESS_MAIL_POSTCODE":"62701","ADDRESS_MAIL_COUNTRY":"United States","ADDRESS_OTHER_STREET":null,"ADDRESS_OTHER_CITY":null,"ADDRESS_OTHER_STATE":null,"ADDRESS_OTHER_POSTCODE":null,"ADDRESS_OTHER_COUNTRY":null,"LAST_ACTIVITY_DATE_UTC":"2025-04-22 20:03:25","NEXT_ACTIVITY_DATE_UTC":null,"CREATED_USER_ID":2240001,"ORGANISATION_ID":182000001,"TITLE":"Mathematician","EMAIL_OPTED_OUT":false,"CUSTOMFIELDS":[{"FIELD_NAME":"Hobby__c","FIELD_VALUE":"Skiing","CUSTOM_FIELD_ID":"Hobby__c"},{"FIELD_NAME":"Interests__c","FIELD_VALUE":"Music;Travel","CUSTOM_FIELD_ID":"Interests__c"},{"FIELD_NAME":"Newsletter__c","FIELD_VALUE":true,"CUSTOM_FIELD_ID":"Newsletter__c"}],"TAGS":[{"TAG_NAME":"vip"}],"DATES":[],"LINKS":[]}"#;

/// Prints where it listens. `/100/v3.1` below it is an account of 100 contacts.
pub(crate) async fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(answer_all(stream));
    }
}

/// Just enough HTTP: a request has no body here.
async fn answer_all(mut stream: TcpStream) {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(size @ 1..) = stream.read(&mut buffer).await {
        read.extend_from_slice(&buffer[..size]);
        if !read.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8_lossy(&read);
        let target = text
            .split(' ')
            .nth(1)
            .unwrap_or_default()
            .trim_start_matches('/');
        let (account, rest) = target.split_once('/').unwrap_or_default();
        let contacts = account.parse().unwrap_or(0);
        let body = answer(rest, contacts);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-total-count: {contacts}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        read.clear();
        let whole = [head.as_bytes(), body.as_bytes()].concat();
        if stream.write_all(&whole).await.is_err() {
            return;
        }
    }
}

/// One contact, or a page of them; Airbyte's source writes `$top` as `top`, in any order.
fn answer(target: &str, contacts: u64) -> String {
    let Some((_, query)) = target.split_once('?') else {
        return CONTACT.replace('#', "7");
    };
    let number = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let found = pairs.find(|(key, _)| *key == name);
        found.and_then(|(_, value)| value.parse::<u64>().ok())
    };
    let first = number("skip").unwrap_or(0) + 1;
    let last = (first + number("top").unwrap_or(100) - 1).min(contacts);
    let rows: Vec<String> = (first..=last)
        .map(|id| CONTACT.replace('#', &id.to_string()))
        .collect();
    format!("[{}]", rows.join(","))
}
