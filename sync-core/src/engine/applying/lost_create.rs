//! Creates whose reply was lost: which record is the one that was made.

use crate::{
    engine::{
        EngineError,
        applying::{
            candidate::{Found, is_in_question, is_told_by_its_text, may_lack, share_a_text},
            look_alike::LookAlikes,
            sent::{Fit, differing, sent, sent_parent},
        },
        hold::About,
        pass::Pass,
    },
    field::FieldKey,
    pairing::Pairing,
    store::{Hold, HoldReason, Intent, Marker, Observation, Op, StoreError},
    value::Value,
};

impl Pass<'_> {
    /// The create is looked for by its match keys among unlinked records. One hit is adopted;
    /// none is created again once the index would show it; several are held, and so is one that
    /// no longer shows what tells most. Answers whether it is settled.
    pub(in crate::engine) async fn recover_create(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
        open: &[&Intent],
    ) -> Result<bool, EngineError> {
        let about = About::record(&intent.kind, !intent.side, &intent.source.id);
        match self.the_created(pairing, intent, open).await? {
            Found::It(it) => self.adopt(pairing, intent, &it).await?,
            Found::Several(these) => {
                let asked = self.asked(&about).await?;
                if asked.is_some() || !self.is_hidden_yet(pairing, intent).await? {
                    self.ask(pairing, intent, about, &these, asked).await?;
                }
                return Ok(false);
            }
            Found::Nothing if self.is_hidden_yet(pairing, intent).await? => return Ok(false),
            Found::Nothing if self.has_lost_its_parent(pairing, intent).await? => return Ok(false),
            Found::Nothing => {
                let ops = vec![Op::Settle(intent.id), self.mark_source(intent)];
                self.commit(ops).await?;
            }
        }
        Ok(true)
    }

    /// Whether what it has made may not be shown yet; it is looked for again then.
    async fn is_hidden_yet(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
    ) -> Result<bool, EngineError> {
        let on_its_way = intent.at + self.shared.reply_grace;
        let visible = on_its_way + self.index_lag(pairing, intent.side);
        let read = self.read_for(pairing, intent).await?;
        let is_hidden = read.is_none_or(|read| read <= visible);
        if is_hidden && !planted!("create-repeated-blindly") {
            self.wait_until(Some(visible));
            return Ok(true);
        }
        Ok(false)
    }

    /// Whether the parent that was sent is found to be gone: a merge takes along what stands under
    /// it. Nothing is created again until it is known whether that has another parent now.
    async fn has_lost_its_parent(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
    ) -> Result<bool, EngineError> {
        let side = intent.side;
        let Some(parent) = sent_parent(pairing, intent) else {
            return Ok(false);
        };
        let link = self.linked_at(side, parent).await?;
        let (Some(link), Some(of)) = (link, self.pairing(&parent.kind)) else {
            return Ok(false);
        };
        let is_lost = match &link.sides[side].absent {
            Some(absence) => !absence.confirmed && absence.merged_into.is_none(),
            None => {
                let target = link.target(side);
                match self.look_up(of, side, &target, Some(&link)).await {
                    Ok(looked) => looked.is_none(),
                    Err(error) if !error.stops_the_side() => false,
                    Err(error) => {
                        self.failed(side, error);
                        true
                    }
                }
            }
        };
        if is_lost {
            let mark = self.mark(&parent.kind, side, &parent.id, Marker::Doubt);
            self.commit(vec![mark]).await?;
            self.wait_until(None);
        }
        Ok(is_lost && !planted!("a-merged-parent-is-there"))
    }

    /// Which record it has made.
    async fn the_created(
        &self,
        pairing: &Pairing,
        intent: &Intent,
        open: &[&Intent],
    ) -> Result<Found, StoreError> {
        if !is_told_by_its_text(intent) {
            let mut found = self.find_created(pairing, intent, open).await?;
            if planted!("adopt-the-first") {
                found.truncate(1);
            }
            let mut is_asked = found.iter().map(|seen| is_in_question(intent, seen));
            return Ok(
                match is_asked.any(|is| is) && !planted!("any-key-will-do") {
                    true => Found::Several(found),
                    false => found.into(),
                },
            );
        }
        let mut shared = Vec::new();
        for other in open
            .iter()
            .copied()
            .filter(|other| share_a_text(intent, other))
        {
            shared.push((other, self.find_created(pairing, other, open).await?));
        }
        let open = shared;
        Ok(LookAlikes { pairing, open }.found(intent))
    }

    /// A person says which of these it is, or that none is. What is asked already stays as it is.
    async fn ask(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
        about: About,
        found: &[Observation],
        asked: Option<Hold>,
    ) -> Result<(), EngineError> {
        let fit = |seen: &&Observation| Fit::of(pairing, intent, seen);
        let best = found.iter().map(|seen| fit(&seen)).min();
        let (likely, others): (Vec<_>, Vec<_>) =
            found.iter().partition(|seen| Some(fit(seen)) == best);
        let named = |these: &[&Observation]| {
            let named = these.iter().map(|seen| {
                let shows = told(differing(pairing, intent, seen));
                match shows.as_str() {
                    "" => seen.id.to_string(),
                    _ => format!("{} (it shows {shows})", seen.id),
                }
            });
            named.collect::<Vec<_>>().join(" or ")
        };
        let less_likely = match others.as_slice() {
            [] => String::new(),
            others => format!(", or less likely {}", named(others)),
        };
        let erased = match found.iter().any(|seen| may_lack(intent, seen)) {
            true => " (what it lacks then counts as erased)",
            false => "",
        };
        let message = format!(
            "the reply to its creation on the {} side ({}) was lost, and {} could be it{less_likely}; link the one that is{erased}, or say that none is",
            intent.side,
            told(sent(intent).map(|(key, value)| (key, Some(value)))),
            named(&likely)
        );
        if asked.is_none_or(|asked| asked.message != message) {
            let hold = self.hold_record(about, HoldReason::InDoubt, message);
            self.commit(vec![hold]).await?;
        }
        Ok(())
    }
}

/// The beginnings of a few fields, by which a person finds a record.
fn told<'a>(fields: impl Iterator<Item = (&'a FieldKey, Option<&'a Value>)>) -> String {
    const FIELDS: usize = 6;
    const LETTERS: usize = 60;
    let field = |(key, value): (&FieldKey, Option<&Value>)| {
        let Some(value) = value else {
            return format!("no {key}");
        };
        let text = value.to_string();
        let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((end, _)) = words.char_indices().nth(LETTERS) {
            words.truncate(end);
            words.push('…');
        }
        format!("{key} = `{words}`")
    };
    let told: Vec<String> = fields.take(FIELDS).map(field).collect();
    told.join(", ")
}
