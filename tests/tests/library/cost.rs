//! What a sync costs, with few records; `prove cost` measures in full.

use tests::cost::{Cost, CostProved, Part, measure};

async fn measured(parts: &[Part]) -> CostProved {
    let cost = Cost {
        parts: parts.to_vec(),
        contacts: 200,
        swept: 500,
        links: 500,
        edits: 5,
        seed: 3,
    };
    cost.prove().await.unwrap()
}

/// Where each poll counts, a few requests more make a large ratio.
#[tokio::test]
async fn a_sync_asks_hardly_more_than_it_must() {
    for figure in measured(&[Part::Requests]).await.figures {
        assert!(figure.got <= 1.05, "{}", figure.line());
    }
}

#[tokio::test]
async fn a_first_sync_takes_hardly_longer_than_the_limits_impose() {
    let figures = measured(&[Part::Paced]).await.figures;
    assert!(figures[0].got <= 1.2, "{}", figures[0].line());
}

#[tokio::test]
async fn an_edit_arrives_soon_after_its_hint() {
    let figures = measured(&[Part::Lag]).await.figures;
    assert!(figures[0].got < 2_000.0, "{}", figures[0].line());
}

#[tokio::test]
async fn a_link_of_fifteen_fields_takes_little_room() {
    let measured = measure(2_000).await.unwrap();
    assert!(measured.bytes <= 1_500.0, "{measured:?}");
}
