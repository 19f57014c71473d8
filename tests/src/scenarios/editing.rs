//! People edit fields, on one side or on both.

use std::time::Duration;

use crm_sandbox::{Fault, FaultRule, When};
use ghl_insightly::agreement::contact::{tags_of_ghl, tags_of_insightly};
use serde_json::{Value, json};
use sync_core::{FieldKey, Guards, Hint, HistoryEvent, HoldReason, Side};

use super::chapter;
use crate::{
    deeds::kind,
    failure::{Proved, ensure},
    scene::{Pair, Scene, Stage, is_equal, place},
};

chapter! {
    10 "Both sides change different fields; the same field; the same field to the same value."
        [different_fields, the_same_field, the_same_value];
    11 "E-mail changed on both sides; A's e-mail moves to B."
        [an_email_on_both_sides, an_email_that_moves, emails_that_swap];
    12 "Two e-mails and three phones; an extension; an invalid phone; a number only reformatted by L."
        [three_phones, a_phone_in_other_forms, an_invalid_phone, a_number_that_is_moved, two_emails, a_further_email];
    13 "One person edits the street in L, another the city in R."
        [street_and_city];
    14 "Company renamed; contact moved to another company; a company name without a business; a business that L makes by itself."
        [a_company_is_renamed, another_company, a_name_without_a_business, a_name_beside_the_business, a_business_by_itself];
    15 "A tag in another case; removed on one side and added on the other; five added at once in R; a tag with a comma."
        [
            tags_in_another_case,
            tags_on_both_sides,
            a_tag_of_the_last_second,
            five_tags_at_once,
            tags_that_a_create_ignores,
            a_tag_with_a_comma
        ];
    16 "Opt-out in L against an older and a newer \"yes\" in R; a permanent opt-out."
        [an_opt_out_against_yes, a_permanent_opt_out];
    17 "A birthday without a year; 29 February; year 0000; a date near midnight in another zone."
        [no_year, leap_day, near_midnight];
    18 "Over-long text, emoji, right-to-left text, control characters, HTML in a plain field."
        [texts_of_the_world, an_over_long_text];
    19 "A dropdown value that the other side does not know; an option list that changes; a custom field that is deleted."
        [an_unknown_option, an_option_list_that_changes, a_deleted_custom_field];
    20 "A workflow in L tags and edits every new contact within a second; another rewrites a field each time we write it."
        [a_workflow_on_new_contacts, a_workflow_that_rewrites];
    21 "A row from the search index is older than our own write; a webhook comes before the row; a row shows fewer fields than the last one."
        [an_old_row, a_webhook_before_the_row, a_row_with_fewer_fields];
}

async fn different_fields(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    let address = json!({ "EMAIL_ADDRESS": "countess@example.com" });
    scene.insightly().edit(&ada.insightly, &address)?;
    scene.settles_with_writes(2).await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "email": "countess@example.com" }))?;
    scene.decided_are(0).await?;
    scene.ends_well().await
}

async fn the_same_field(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Byron" }))?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    scene.settles_with_writes(1).await?;
    scene.decided_are(1).await?;
    scene.ends_well().await
}

async fn the_same_value(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    scene.settles_with_writes(0).await?;
    scene.decided_are(0).await?;
    scene.ends_well().await
}

async fn an_email_on_both_sides(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "email": "byron@example.com" }))?;
    let address = json!({ "EMAIL_ADDRESS": "lovelace@example.com" });
    scene.insightly().edit(&ada.insightly, &address)?;
    scene.settle().await?;
    scene.decided_are(1).await?;
    scene.ends_well().await
}

/// Ada and Bob, on both sides.
async fn ada_and_bob(stage: Stage) -> Proved<(Scene, [Pair; 2])> {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    let bob = json!({ "firstName": "Bob", "email": "bob@example.com" });
    let bob = scene.from_ghl(&bob).await?;
    Ok((scene, [ada, bob]))
}

async fn an_email_that_moves(stage: Stage) -> Proved {
    let (mut scene, [ada, bob]) = ada_and_bob(stage).await?;
    let there = scene.insightly();
    there.edit(&ada.insightly, &json!({ "EMAIL_ADDRESS": null }))?;
    there.edit(
        &bob.insightly,
        &json!({ "EMAIL_ADDRESS": "ada@example.com" }),
    )?;
    scene.settle().await?;
    scene.ghl().shows(&ada.ghl, &json!({ "email": null }))?;
    scene
        .ghl()
        .shows(&bob.ghl, &json!({ "email": "ada@example.com" }))?;
    scene.ends_well().await
}

async fn emails_that_swap(stage: Stage) -> Proved {
    let (mut scene, [ada, bob]) = ada_and_bob(stage).await?;
    let there = scene.insightly();
    there.edit(
        &ada.insightly,
        &json!({ "EMAIL_ADDRESS": "bob@example.com" }),
    )?;
    there.edit(
        &bob.insightly,
        &json!({ "EMAIL_ADDRESS": "ada@example.com" }),
    )?;
    scene.settle().await?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "email": "bob@example.com" }))?;
    scene
        .ghl()
        .shows(&bob.ghl, &json!({ "email": "ada@example.com" }))?;
    scene.ends_well().await
}

async fn three_phones(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let grace = json!({
        "FIRST_NAME": "Grace", "EMAIL_ADDRESS": "grace@example.com", "PHONE": "+14155550141",
        "PHONE_HOME": "+14155550142", "PHONE_OTHER": "+14155550143",
    });
    let grace = scene.from_insightly(&grace).await?;
    scene
        .ghl()
        .shows(&grace.ghl, &json!({ "phone": "+14155550141" }))?;
    // The slot that was taken first stays the one.
    let mobile = json!({ "PHONE_MOBILE": "+14155550144" });
    scene.insightly().edit(&grace.insightly, &mobile)?;
    scene.settles_with_writes(0).await?;
    scene
        .ghl()
        .edit(&grace.ghl, &json!({ "phone": "+14155550150" }))?;
    scene.settle().await?;
    let phones = json!({
        "PHONE": "+14155550150", "PHONE_HOME": "+14155550142", "PHONE_OTHER": "+14155550143",
        "PHONE_MOBILE": "+14155550144",
    });
    scene.insightly().shows(&grace.insightly, &phones)?;
    scene.ends_well().await
}

async fn a_phone_in_other_forms(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "phone": "+14155550142" })).await?;
    for form in ["(415) 555-0142", "415.555.0142", "+1 415 555 0142 ext 12"] {
        let phone = json!({ "PHONE_MOBILE": form });
        scene.insightly().edit(&ada.insightly, &phone)?;
        scene.settles_with_writes(0).await?;
        scene.insightly().shows(&ada.insightly, &phone)?;
    }
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "PHONE_MOBILE": "(415) 555-0199" }))?;
    scene.settles_with_writes(1).await?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "phone": "+14155550199" }))?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "PHONE_MOBILE": "(415) 555-0199" }))?;
    scene.ends_well().await
}

async fn an_invalid_phone(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "phone": "+14155550142" })).await?;
    let edit = json!({ "PHONE_MOBILE": "ask Bob", "LAST_NAME": "Lovelace" });
    scene.insightly().edit(&ada.insightly, &edit)?;
    scene.settle().await?;
    let rest = json!({ "phone": "+14155550142", "lastName": "Lovelace" });
    scene.ghl().shows(&ada.ghl, &rest)?;
    scene.holds_are(&[(HoldReason::Unfit, "phone")]).await?;
    scene.ends_well().await
}

/// Somebody puts the number into another slot; and clears it, though another one is there.
async fn a_number_that_is_moved(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = json!({
        "FIRST_NAME": "Ada", "PHONE": "+14155550142", "PHONE_OTHER": "+14155550177",
    });
    let ada = scene.from_insightly(&ada).await?;
    let moved = json!({ "PHONE": null, "PHONE_HOME": "(415) 555-0142" });
    scene.insightly().edit(&ada.insightly, &moved)?;
    scene.settles_with_writes(0).await?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "phone": "+14155550142" }))?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "phone": "+14155550199" }))?;
    scene.settle().await?;
    scene.insightly().shows(
        &ada.insightly,
        &json!({ "PHONE": null, "PHONE_HOME": "+14155550199", "PHONE_OTHER": "+14155550177" }),
    )?;
    scene.ghl().edit(&ada.ghl, &json!({ "phone": "" }))?;
    scene.settle().await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "PHONE_HOME": null }))?;
    scene.is_quiet().await?;
    scene.ghl().shows(&ada.ghl, &json!({ "phone": null }))
}

async fn two_emails(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let here = json!({
        "firstName": "Ada", "email": "ada@example.com",
        "additionalEmails": [{ "email": "countess@example.com" }],
    });
    let here = scene.ghl().enter(&here)?;
    let there = json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "countess@example.com" });
    scene.insightly().enter(&there)?;
    scene.settle().await?;
    scene.ghl().are(1)?;
    scene
        .ghl()
        .shows(&here, &json!({ "email": "ada@example.com" }))?;
    scene.ends_well().await
}

/// What is a further address of the contact in GHL becomes the main one in Insightly.
async fn a_further_email(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let more = json!({ "additionalEmails": [{ "email": "countess@example.com" }] });
    let ada = scene.ada(&more).await?;
    let edit = json!({ "EMAIL_ADDRESS": "Countess@example.com", "LAST_NAME": "King" });
    scene.insightly().edit(&ada.insightly, &edit)?;
    scene.settle().await?;
    scene.ghl().shows(
        &ada.ghl,
        &json!({ "email": "ada@example.com", "lastName": "King" }),
    )?;
    scene.holds_are(&[(HoldReason::Unfit, "email")]).await?;
    scene.ends_well().await
}

async fn street_and_city(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let home = json!({ "address1": "1 Main St", "city": "Austin", "country": "US" });
    let ada = scene.ada(&home).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "address1": "2 Elm St" }))?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "ADDRESS_MAIL_CITY": "Dallas" }))?;
    scene.settle().await?;
    // Two halves must not make a third address.
    scene.decided_are(1).await?;
    let city = scene.ghl().get(&ada.ghl)?["city"].clone();
    let street = scene.ghl().get(&ada.ghl)?["address1"].clone();
    let whole = (street == "2 Elm St", city == "Dallas");
    ensure(whole == (true, false) || whole == (false, true), || {
        format!("{street}, {city} is nobody's address")
    })?;
    scene.ends_well().await
}

/// Ada works for Acme, on both sides; the ids of the business and the organisation.
async fn acme(stage: Stage) -> Proved<(Scene, Pair, [String; 2])> {
    let mut scene = stage.all_kinds().await?;
    let there = scene.desk(Side::Right, "organisations");
    let there = there.enter(&json!({ "ORGANISATION_NAME": "ACME " }))?;
    let here = scene.desk(Side::Left, "businesses");
    let here = here.enter(&json!({ "name": "Acme" }))?;
    let ada = scene.ada(&json!({ "businessId": here })).await?;
    let number: i64 = there.parse()?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "ORGANISATION_ID": number }))?;
    Ok((scene, ada, [here, there]))
}

async fn a_company_is_renamed(stage: Stage) -> Proved {
    let (mut scene, _, [business, organisation]) = acme(stage).await?;
    let organisations = scene.desk(Side::Right, "organisations");
    // A name in another case is no rename.
    organisations.shows(&organisation, &json!({ "ORGANISATION_NAME": "ACME " }))?;
    organisations.edit(&organisation, &json!({ "ORGANISATION_NAME": "Acme Ltd" }))?;
    scene.settles_with_writes(1).await?;
    scene
        .desk(Side::Left, "businesses")
        .shows(&business, &json!({ "name": "Acme Ltd" }))?;
    scene.ends_well().await
}

async fn another_company(stage: Stage) -> Proved {
    let (mut scene, ada, _) = acme(stage).await?;
    let organisations = scene.desk(Side::Right, "organisations");
    let bolt = organisations.enter(&json!({ "ORGANISATION_NAME": "Bolt" }))?;
    let number: i64 = bolt.parse()?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "ORGANISATION_ID": number }))?;
    scene.settle().await?;
    let bolt = scene.pair(Side::Right, "organisations", &bolt).await?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "businessId": bolt.ghl }))?;
    scene.ends_well().await
}

async fn a_name_without_a_business(stage: Stage) -> Proved {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({ "companyName": "Acme" })).await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "ORGANISATION_ID": null }))?;
    scene.desk(Side::Right, "organisations").are(0)?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "companyName": "Acme" }))?;
    scene.ends_well().await
}

/// Nothing that we send makes a business: the company is one, and is linked by its id.
async fn a_business_by_itself(stage: Stage) -> Proved {
    let mut scene = stage.all_kinds().await?;
    scene
        .world
        .sandbox
        .set_switch("company_makes_business", "yes")?;
    let acme = scene.desk(Side::Right, "organisations");
    let acme = acme.enter(&json!({ "ORGANISATION_NAME": "Acme" }))?;
    let ada = json!({
        "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ada@example.com",
        "ORGANISATION_ID": acme.parse::<i64>()?,
    });
    let ada = scene.from_insightly(&ada).await?;
    let business = scene.desk(Side::Left, "businesses").only_id()?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "businessId": business }))?;
    scene.ends_well().await
}

/// Where the location is known to make no business of it, new contacts show their company's name.
async fn a_name_beside_the_business(stage: Stage) -> Proved {
    for (measured, name) in [(None, json!(null)), (Some(false), json!("Acme"))] {
        let mut scene = stage.all_kinds().await?;
        if let Some(answer) = measured {
            scene.measured("ghl.company_makes_business", answer).await?;
        }
        let acme = scene.desk(Side::Right, "organisations");
        let acme = acme.enter(&json!({ "ORGANISATION_NAME": "Acme" }))?;
        let ada = json!({
            "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ada@example.com",
            "ORGANISATION_ID": acme.parse::<i64>()?,
        });
        let ada = scene.from_insightly(&ada).await?;
        let business = scene.desk(Side::Left, "businesses").only_id()?;
        let shown = json!({ "businessId": business, "companyName": name });
        scene.ghl().shows(&ada.ghl, &shown)?;
        scene.ends_well().await?;
    }
    Ok(())
}

async fn tags_in_another_case(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "tags": ["vip", "newsletter"] })).await?;
    let cased = json!({ "TAGS": [{ "TAG_NAME": "VIP" }, { "TAG_NAME": "Newsletter" }] });
    scene.insightly().edit(&ada.insightly, &cased)?;
    scene.settles_with_writes(0).await?;
    scene.insightly().shows(&ada.insightly, &cased)?;
    scene.ends_well().await
}

fn tags_are(scene: &Scene, pair: &Pair, expected: &str) -> Proved {
    let here = tags_of_ghl(&scene.ghl().get(&pair.ghl)?);
    let there = tags_of_insightly(&scene.insightly().get(&pair.insightly)?);
    is_equal(
        "tags",
        (here.as_str(), there.as_str()),
        (expected, expected),
    )
}

fn named(tags: &[&str]) -> Value {
    let tags = tags.iter().map(|tag| json!({ "TAG_NAME": tag }));
    json!({ "TAGS": tags.collect::<Vec<_>>() })
}

async fn tags_on_both_sides(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "tags": ["vip", "newsletter"] })).await?;
    scene
        .insightly()
        .edit(&ada.insightly, &named(&["vip", "board"]))?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "tags": ["vip", "newsletter", "golf"] }))?;
    scene.settle().await?;
    tags_are(&scene, &ada, "board, golf, vip")?;
    scene.ends_well().await
}

/// The index does not show it yet, and a tag that is added costs no look.
async fn a_tag_of_the_last_second(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "tags": ["vip"] })).await?;
    scene
        .insightly()
        .edit(&ada.insightly, &named(&["vip", "board"]))?;
    scene.later(Duration::from_secs(60));
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "tags": ["vip", "golf"] }))?;
    scene.cycle().await?;
    let there = tags_of_ghl(&scene.ghl().get(&ada.ghl)?);
    is_equal("tags", there.as_str(), "board, golf, vip")?;
    scene.settle().await?;
    tags_are(&scene, &ada, "board, golf, vip")?;
    scene.ends_well().await
}

async fn five_tags_at_once(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    let five = ["a", "b", "c", "d", "e"];
    scene.insightly().edit(&ada.insightly, &named(&five))?;
    scene.settles_with_writes(1).await?;
    tags_are(&scene, &ada, "a, b, c, d, e")?;
    scene.ends_well().await
}

/// Where that is known, they follow at once, and nothing of the new record waits for another cycle.
async fn tags_that_a_create_ignores(stage: Stage) -> Proved {
    // The second time a tag is lost on the way, which is sent again.
    for lost in [0, 1] {
        let mut scene = stage.contacts().await?;
        let sandbox = &scene.world.sandbox;
        sandbox.set_switch("tags_in_parent", "ignored")?;
        let busy = FaultRule::new("contacts.add_tag", When::Always, Fault::ResetBefore);
        sandbox.insightly().add_fault(busy.times(lost))?;
        scene.measured("insightly.tags_in_post", false).await?;
        // A first name has to be made, and must not come back meanwhile.
        let ada = json!({ "email": "ada@example.com", "tags": ["vip", "press"] });
        let id = scene.ghl().enter(&ada)?;
        scene
            .settles_with_writes(if lost == 0 { 3 } else { 4 })
            .await?;
        let ada = scene.pair(Side::Left, "contacts", &id).await?;
        tags_are(&scene, &ada, "press, vip")?;
        scene.ghl().shows(&id, &json!({ "firstName": null }))?;
        scene.settles_with_writes(0).await?;
        scene.ends_well().await?;
    }
    Ok(())
}

async fn a_tag_with_a_comma(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "tags": ["friends, family"] })).await?;
    scene
        .insightly()
        .edit(&ada.insightly, &named(&["friends, family", "a,b"]))?;
    scene.settle().await?;
    tags_are(&scene, &ada, "a,b, friends, family")?;
    scene.ends_well().await
}

fn email_off() -> Value {
    json!({ "dndSettings": { "Email": { "status": "active" } } })
}

async fn an_opt_out_against_yes(stage: Stage) -> Proved {
    // The opt-out wins, whichever came later.
    for yes_comes_later in [false, true] {
        let mut scene = stage.contacts().await?;
        let here = scene
            .ghl()
            .enter(&json!({ "firstName": "Ada", "email": "ada@example.com" }))?;
        let there = json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ada@example.com" });
        let there = scene.insightly().enter(&there)?;
        let yes = json!({ "EMAIL_OPTED_OUT": false });
        if !yes_comes_later {
            scene.insightly().edit(&there, &yes)?;
        }
        scene.ghl().edit(&here, &email_off())?;
        if yes_comes_later {
            scene.insightly().edit(&there, &yes)?;
        }
        scene.settle().await?;
        scene
            .insightly()
            .shows(&there, &json!({ "EMAIL_OPTED_OUT": true }))?;
        scene.ends_well().await?;
    }
    Ok(())
}

async fn a_permanent_opt_out(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    let permanent = json!({ "dndSettings": { "Email": { "status": "permanent" } } });
    scene.ghl().edit(&ada.ghl, &permanent)?;
    scene.settle().await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "EMAIL_OPTED_OUT": true }))?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "EMAIL_OPTED_OUT": false }))?;
    scene.settle().await?;
    let status = scene.ghl().get(&ada.ghl)?["dndSettings"]["Email"]["status"].clone();
    is_equal("the status", status, json!("permanent"))?;
    scene.holds_are(&[(HoldReason::Unfit, "opted_out")]).await?;
    scene.ends_well().await
}

async fn no_year(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "dateOfBirth": "1980-05-20" })).await?;
    for nothing in ["0000-05-20", "0001-05-20"] {
        scene
            .ghl()
            .edit(&ada.ghl, &json!({ "dateOfBirth": nothing }))?;
        scene.settle().await?;
        let there = scene.insightly();
        there.shows(
            &ada.insightly,
            &json!({ "DATE_OF_BIRTH": "1980-05-20 00:00:00" }),
        )?;
    }
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "dateOfBirth": "1980-05-20" }))?;
    scene.ends_well().await
}

async fn leap_day(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "dateOfBirth": "1980-02-29" })).await?;
    let leap = json!({ "DATE_OF_BIRTH": "1980-02-29 00:00:00" });
    scene.insightly().shows(&ada.insightly, &leap)?;
    let other = json!({ "DATE_OF_BIRTH": "1984-02-29 00:00:00" });
    scene.insightly().edit(&ada.insightly, &other)?;
    scene.settles_with_writes(1).await?;
    scene.ends_well().await
}

/// A birthday is a day, whatever the zone and the form in which a row shows it.
async fn near_midnight(stage: Stage) -> Proved {
    for form in ["epoch_ms", "date"] {
        let mut scene = stage.contacts().await?;
        scene.world.sandbox.set_switch("search_birthday", form)?;
        let grace = json!({
            "FIRST_NAME": "Grace", "EMAIL_ADDRESS": "grace@example.com",
            "DATE_OF_BIRTH": "1906-12-09 00:00:00",
        });
        let grace = scene.from_insightly(&grace).await?;
        let shown = scene.ghl().get(&grace.ghl)?["dateOfBirth"].to_string();
        ensure(shown.contains("1906-12-09"), || format!("{form}: {shown}"))?;
        scene
            .ghl()
            .edit(&grace.ghl, &json!({ "dateOfBirth": "1907-01-01" }))?;
        scene.settle().await?;
        let there = scene.insightly();
        there.shows(
            &grace.insightly,
            &json!({ "DATE_OF_BIRTH": "1907-01-01 00:00:00" }),
        )?;
        scene.ends_well().await?;
    }
    Ok(())
}

async fn texts_of_the_world(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let names = [
        "Zoë 🎻",
        "李小龍",
        "عمر",
        "O'Neill <b>",
        "Ñandú",
        "Be\u{7}ll",
        "A\u{200f}B",
    ];
    for (n, name) in names.into_iter().enumerate() {
        let email = format!("{n}@example.com");
        let here = scene
            .from_ghl(&json!({ "firstName": name, "email": email }))
            .await?;
        scene
            .insightly()
            .shows(&here.insightly, &json!({ "FIRST_NAME": name }))?;
        let email = format!("{n}@example.org");
        let there = json!({ "FIRST_NAME": name, "EMAIL_ADDRESS": email });
        let there = scene.from_insightly(&there).await?;
        scene
            .ghl()
            .shows(&there.ghl, &json!({ "firstName": name }))?;
    }
    scene.ends_well().await
}

async fn an_over_long_text(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    let long = "Lovelace ".repeat(40);
    let long = long.trim();
    let edit = json!({ "lastName": long, "city": "London", "address1": long });
    scene.ghl().edit(&ada.ghl, &edit)?;
    scene.settle().await?;
    let cut = &long[..255];
    let there = json!({
        "LAST_NAME": cut, "ADDRESS_MAIL_STREET": cut, "ADDRESS_MAIL_CITY": "London",
    });
    scene.insightly().shows(&ada.insightly, &there)?;
    // What was cut comes back as it was; what somebody makes of it travels.
    scene.is_quiet().await?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "lastName": long, "address1": long }))?;
    let shorter = json!({ "LAST_NAME": "King" });
    scene.insightly().edit(&ada.insightly, &shorter)?;
    scene.settle().await?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "lastName": "King", "address1": long }))?;
    scene.ends_well().await
}

const HOBBY: &str = "hB7kQ2mXw9TzLr4NcV1a";
const INTERESTS: &str = "iN5tP8sDf3GhJk6LzX2b";

async fn an_unknown_option(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    let interests = json!([{ "id": INTERESTS, "field_value": ["Falconry"] }]);
    let edit = json!({ "customFields": interests, "lastName": "Lovelace" });
    scene.ghl().edit(&ada.ghl, &edit)?;
    scene.settle().await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    let held = scene.holds().await?;
    let held = held.iter().filter_map(|hold| hold.field.as_ref());
    let held: Vec<&str> = held.map(FieldKey::name).collect();
    is_equal("held", held, vec!["custom.Interests__c"])?;
    scene.ends_well().await
}

async fn an_option_list_that_changes(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    let interests = json!([{ "id": INTERESTS, "field_value": ["Music"] }]);
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "customFields": interests }))?;
    scene.settle().await?;
    // Insightly does not offer falconry, and is not asked.
    interested(&scene, &ada, "Falconry")?;
    scene.settles_with_writes(0).await?;
    not_offered(&scene, "Falconry").await?;
    // People add it, and the lists are read again, as they are once a day.
    offer(&scene, &["Music", "Falconry"])?;
    scene.restart().await?;
    scene.settles_with_writes(1).await?;
    is_interested(&scene, &ada, "Falconry").await?;
    // It is not known here that music has gone, until it is refused.
    offer(&scene, &["Falconry"])?;
    interested(&scene, &ada, "Music")?;
    scene.settles_with_writes(1).await?;
    scene
        .holds_are(&[(HoldReason::Refused, "custom.Interests__c")])
        .await?;
    scene.restart().await?;
    scene.settles_with_writes(0).await?;
    not_offered(&scene, "Music").await?;
    offer(&scene, &["Music", "Falconry"])?;
    scene.restart().await?;
    scene.settles_with_writes(1).await?;
    is_interested(&scene, &ada, "Music").await?;
    scene.ends_well().await
}

fn interested(scene: &Scene, who: &Pair, interest: &str) -> Proved {
    let interests = json!([{ "id": INTERESTS, "field_value": [interest] }]);
    let edit = json!({ "customFields": interests });
    scene.ghl().edit(&who.ghl, &edit)
}

async fn is_interested(scene: &Scene, who: &Pair, interest: &str) -> Proved {
    let there = scene.insightly().get(&who.insightly)?["CUSTOMFIELDS"].to_string();
    ensure(there.contains(interest), || there)?;
    scene.holds_are(&[]).await
}

/// What people may be interested in, in Insightly.
fn offer(scene: &Scene, options: &[&str]) -> Proved {
    let order = json!({ "family": "contacts", "field": "Interests__c", "options": options });
    scene.world.sandbox.insightly().order("options", &order)?;
    Ok(())
}

/// It is held, with a sentence that says where it has to be added.
async fn not_offered(scene: &Scene, interest: &str) -> Proved {
    scene
        .holds_are(&[(HoldReason::Unfit, "custom.Interests__c")])
        .await?;
    let why = format!("Insightly does not offer `{interest}` in its field `Interests__c`");
    let holds = scene.holds().await?;
    ensure(
        holds.iter().all(|hold| hold.message.starts_with(&why)),
        || format!("{holds:?}"),
    )
}

/// The values of a field that is gone look like blanks: that must not blank the other side.
async fn a_deleted_custom_field(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let mut people = Vec::new();
    for n in 0..24 {
        let hobby = json!([{ "id": HOBBY, "field_value": format!("Hobby {n}") }]);
        let email = format!("{n}@example.com");
        let who = json!({ "firstName": "Ada", "email": email, "customFields": hobby });
        people.push((n, scene.ghl().enter(&who)?));
    }
    scene.settle().await?;
    scene
        .restart_with(|engine| engine.guards(Guards::default()))
        .await?;
    scene.settle().await?;
    let fields = scene.world.sandbox.ghl().family("custom_fields");
    fields.delete(HOBBY)?;
    scene.later(Duration::from_secs(25 * 3600));
    let report = scene.cycle().await?;
    ensure(report.guard.is_some(), || {
        format!("no guard asks: {report:?}")
    })?;
    for (n, id) in &people {
        let pair = scene.pair(Side::Left, "contacts", id).await?;
        let there = scene.insightly().get(&pair.insightly)?["CUSTOMFIELDS"].to_string();
        ensure(there.contains(&format!("Hobby {n}")), || there)?;
    }
    Ok(())
}

async fn a_workflow_on_new_contacts(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let workflow = json!({
        "when": "contact_created", "after_ms": 800, "add_tags": ["new"], "set": { "city": "Oslo" },
    });
    scene.world.sandbox.ghl().order("workflow", &workflow)?;
    let grace = json!({ "FIRST_NAME": "Grace", "EMAIL_ADDRESS": "grace@example.com" });
    let there = scene.insightly().enter(&grace)?;
    scene.settle().await?;
    let grace = scene.pair(Side::Right, "contacts", &there).await?;
    scene.deeds.typed(
        place(Side::Left, "contacts", &grace.ghl),
        &json!({ "tags": ["new"], "city": "Oslo" }),
    );
    scene.settle().await?;
    tags_are(&scene, &grace, "new")?;
    scene
        .insightly()
        .shows(&grace.insightly, &json!({ "ADDRESS_MAIL_CITY": "Oslo" }))?;
    scene.ghl().are(1)?;
    scene.ends_well().await
}

async fn a_workflow_that_rewrites(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    let workflow = json!({ "when": { "written": "lastName" }, "rewrite": "upper" });
    scene.world.sandbox.ghl().order("workflow", &workflow)?;
    let by_itself = place(Side::Left, "contacts", &ada.ghl);
    scene.deeds.note(by_itself, |done| done.all = true);
    for name in ["Lovelace", "Byron", "Noel"] {
        let edit = json!({ "LAST_NAME": name });
        scene.insightly().edit(&ada.insightly, &edit)?;
        scene.settle().await?;
        scene.settle().await?;
        scene
            .ghl()
            .shows(&ada.ghl, &json!({ "lastName": name.to_uppercase() }))?;
    }
    scene.ends_well().await
}

async fn an_old_row(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    // The search shows the edit of Insightly after four seconds, and GHL's row later than that.
    scene.later(Duration::from_secs(5));
    for _ in 0..6 {
        scene.cycle().await?;
        scene.later(Duration::from_secs(1));
    }
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    scene.ends_well().await
}

/// A webhook names a record.
pub(super) async fn hint(scene: &mut Scene, side: Side, family: &str, id: &str) -> Proved {
    let hint = Hint {
        kind: kind(family),
        id: id.into(),
        locator: None,
    };
    let hints = scene.engine()?.hints().await?;
    Ok(hints.hint(side, hint).await?)
}

async fn a_webhook_before_the_row(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    hint(&mut scene, Side::Left, "contacts", &ada.ghl).await?;
    scene.cycle().await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    for _ in 0..5 {
        scene.cycle().await?;
        scene.later(Duration::from_secs(1));
    }
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    scene.ends_well().await
}

async fn a_row_with_fewer_fields(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let more = json!({ "additionalEmails": [{ "email": "countess@example.com" }] });
    let ada = scene.ada(&more).await?;
    // A read by id shows all of it, the next row of the search less.
    scene.ghl().edit(&ada.ghl, &email_off())?;
    hint(&mut scene, Side::Left, "contacts", &ada.ghl).await?;
    scene.cycle().await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "EMAIL_OPTED_OUT": true }))?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    scene.settles_with_writes(1).await?;
    let shown = json!({ "LAST_NAME": "Lovelace", "EMAIL_OPTED_OUT": true });
    scene.insightly().shows(&ada.insightly, &shown)?;
    let wrote = |event: &HistoryEvent| {
        matches!(
            event,
            HistoryEvent::Wrote {
                side: Side::Left,
                ..
            }
        )
    };
    is_equal("writes to GHL", scene.happened(wrote).await?, 0)?;
    scene.ends_well().await
}
