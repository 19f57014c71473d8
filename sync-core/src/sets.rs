//! Sets merge item by item. A side may show an item under another key than the other does.

use crate::{
    link::Cell,
    mapper::items_missing,
    pairing::FieldPair,
    side::{Both, Side},
    value::{Item, Value},
};

type Values<'a> = Both<Option<&'a Value>>;

/// What one side removed goes from the other, and what one side added comes to it.
pub(crate) fn merged(
    pair: &FieldPair,
    values: Values<'_>,
    base: Values<'_>,
) -> Both<Option<Value>> {
    let added = Both::from_fn(|side| items_missing(values[side], base[side]));
    let removed = Both::from_fn(|side| items_missing(base[side], values[side]));
    Both::from_fn(|side| {
        let own = items(values[side]);
        let goes = |item: &Item| {
            let is_twin = |gone: &Item| are_twins(pair, side, item, gone);
            !added[side].contains(item) && removed[!side].iter().any(is_twin)
        };
        let has = |new: &Item| own.iter().any(|item| are_twins(pair, side, item, new));
        let come = added[!side].iter().filter(|new| !has(new));
        let come = come.filter_map(|new| carried(pair, side, new));
        let merged = own.iter().filter(|item| !goes(item)).cloned().chain(come);
        pair.uses[side].project(Value::set_of(merged).as_ref())
    })
}

/// What our write made of a set: only items that it added or removed can have been changed by
/// it. All others that differ in the reply were changed by somebody else.
pub(crate) fn after_our_write(
    before: Option<&Value>,
    sent: Option<&Value>,
    reply: Option<&Value>,
) -> Option<Value> {
    let removed = items_missing(before, sent);
    let sent = items(sent).iter();
    let there = sent.filter(|item| items(before).contains(item) || items(reply).contains(item));
    let stayed = removed.iter().filter(|item| items(reply).contains(item));
    Value::set_of(there.chain(stayed).cloned())
}

/// While a set is written to one side only, the items that already are as they are to be on
/// both sides have agreed; for all others the shadows stay.
pub(crate) fn agreed_so_far(
    pair: &FieldPair,
    base: Values<'_>,
    want: Cell,
    now: &Both<Option<Value>>,
) -> Cell {
    let open = Both::from_fn(|side| {
        let (want, now) = (want.shown[side].as_ref(), now[side].as_ref());
        let mut open = items_missing(want, now);
        open.extend(items_missing(now, want));
        open
    });
    let shown = Both::from_fn(|side| {
        let is_open = |item: &&Item| {
            let other = |twin: &Item| are_twins(pair, side, item, twin);
            open[side].contains(item) || open[!side].iter().any(other)
        };
        let agreed = items(want.shown[side].as_ref()).iter();
        let agreed = agreed.filter(|item| !is_open(item));
        let kept = items(base[side]).iter().filter(is_open);
        Value::set_of(agreed.chain(kept).cloned())
    });
    Cell { shown, ..want }
}

/// Of what has agreed, only the items that a write to `side` added or removed: the shadows of
/// others may have gone on since it was sent.
pub(crate) fn agreed_by_write(
    pair: &FieldPair,
    side: Side,
    base: Values<'_>,
    agrees: Cell,
    (before, sent): (Option<&Value>, Option<&Value>),
) -> Cell {
    let mut written = items_missing(sent, before);
    written.extend(items_missing(before, sent));
    let shown = Both::from_fn(|on| {
        let is_written = |item: &&Item| {
            let twin = |other: &Item| are_twins(pair, on, item, other);
            written.contains(item) || on != side && written.iter().any(twin)
        };
        let agreed = items(agrees.shown[on].as_ref()).iter().filter(is_written);
        let kept = items(base[on]).iter().filter(|item| !is_written(item));
        Value::set_of(agreed.chain(kept).cloned())
    });
    Cell { shown, ..agrees }
}

fn items(value: Option<&Value>) -> &[Item] {
    value.map(Value::items).unwrap_or_default()
}

/// Whether an item of `side` and one of the other side are the same thing.
fn are_twins(pair: &FieldPair, side: Side, own: &Item, other: &Item) -> bool {
    own == other
        || carried(pair, side, other).as_ref() == Some(own)
        || carried(pair, !side, own).as_ref() == Some(other)
}

/// What a side shows of an item of the other.
fn carried(pair: &FieldPair, to: Side, item: &Item) -> Option<Item> {
    if !pair.uses[to].is_lossy() {
        return Some(item.clone());
    }
    let alone = Value::set_of([item.clone()]);
    let shown = pair.uses[to].project(alone.as_ref());
    items(shown.as_ref()).first().cloned()
}
