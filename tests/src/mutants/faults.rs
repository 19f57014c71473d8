//! The faults. Each is planted where `planted!` has its name.

use super::suite::Suite::{
    self, Engine, EngineUnits, Histories, MemoryStore, Sqlite, SqliteUnits, Stories, Table,
};

/// A fault that can be planted.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
    /// Where it is looked for first.
    pub first: Suite,
}

const fn fault(name: &'static str, what: &'static str, first: Suite) -> Fault {
    Fault { name, what, first }
}

/// All of them, in the order of the chapters of the design.
pub const FAULTS: &[Fault] = &[
    // Reading.
    fault("ignore-stamps", "an older row counts as news", Engine),
    fault(
        "no-overlap",
        "a read begins where the last one began",
        Engine,
    ),
    fault(
        "after-the-cursor",
        "a read asks for rows later than its cursor, not for its own time",
        EngineUnits,
    ),
    fault(
        "no-settled-lane",
        "nothing is read again from an hour back",
        Engine,
    ),
    fault(
        "cursor-before-rows",
        "the cursor moves in a commit before the one with the rows",
        Histories,
    ),
    fault(
        "walk-misses-nobody",
        "a walk does not say whom it did not meet",
        Engine,
    ),
    fault(
        "who-is-held-is-not-missed",
        "a record that was deleted is asked about for ever",
        Engine,
    ),
    fault(
        "walk-judges-after-a-restart",
        "a walk judges by what it met since the restart",
        Engine,
    ),
    fault(
        "a-broken-walk-is-whole",
        "after a walk that a restart broke in two the next one comes a day later",
        Engine,
    ),
    fault(
        "a-round-begins-when-it-is-taken-up",
        "a round of visits begins when it is taken up, not when the last one is over",
        Engine,
    ),
    fault(
        "empty-side-is-believed",
        "a side that shows hardly anything is believed",
        Engine,
    ),
    fault(
        "a-hint-takes-no-mark",
        "a mark on a marked record leaves the old mark",
        MemoryStore,
    ),
    fault(
        "clears-any-mark",
        "a mark that came later is cleared with the one that was read",
        MemoryStore,
    ),
    // Planning.
    fault(
        "one-shared-base",
        "both sides are held against one base",
        Table,
    ),
    fault(
        "shadows-advance-alone",
        "shadows advance when one of two writes was answered",
        Engine,
    ),
    fault(
        "unseen-is-blank",
        "what a route does not show is taken as blank",
        Engine,
    ),
    fault(
        "sets-do-not-merge",
        "a set that both sides changed is taken whole from one",
        Engine,
    ),
    fault(
        "answers-are-forgotten",
        "a conflict's answer is not kept until both sides have it",
        Engine,
    ),
    fault(
        "losers-are-not-recorded",
        "a decision is not in the history",
        Engine,
    ),
    fault(
        "ping-pong-goes-on",
        "a field that goes back and forth is written for ever",
        Engine,
    ),
    // First sync and matching.
    fault(
        "a-blank-wins",
        "a blank wins over a value at the first meeting",
        Engine,
    ),
    fault(
        "match-the-first",
        "of several candidates the first is linked",
        Engine,
    ),
    fault(
        "linked-keys-are-not-indexed",
        "nobody knows which keys linked records have",
        Engine,
    ),
    fault(
        "old-keys-stay",
        "an edited record is still found by its old key",
        Sqlite,
    ),
    fault(
        "create-before-both-are-indexed",
        "creates begin before both sides are read",
        Engine,
    ),
    fault(
        "create-beside-an-entry",
        "a create does not wait until the other side would show its twin",
        Engine,
    ),
    fault(
        "a-parted-parent-keeps-whom-it-lost",
        "what was put under another parent stays frozen with the old one",
        Engine,
    ),
    fault(
        "a-create-is-not-looked-for",
        "nobody asks for its keys before a record is created",
        Engine,
    ),
    fault(
        "any-walk-is-fresh-enough",
        "many are created after a whole reading of any age",
        Engine,
    ),
    fault(
        "reference-before-its-target",
        "a reference is written though its record is not linked",
        Engine,
    ),
    fault(
        "any-account-will-do",
        "another account's credential is taken",
        Engine,
    ),
    fault(
        "scope-is-ignored",
        "what is outside the scope is written",
        Engine,
    ),
    // Deletes and merges.
    fault(
        "looks-again-at-once",
        "a missing record is looked for again at once, and then deleted",
        Engine,
    ),
    fault(
        "forbidden-is-gone",
        "a record that may not be seen counts as missing",
        Engine,
    ),
    fault(
        "hidden-pair-is-planned",
        "a look at the other side releases a record that may not be seen",
        Engine,
    ),
    fault(
        "shown-again-is-still-hidden",
        "a walk that shows a hidden record again does not release it",
        Engine,
    ),
    fault(
        "merge-is-a-delete",
        "nobody looks for the heir of a record that is gone",
        Engine,
    ),
    fault(
        "children-stay-behind",
        "the children of a merged record are looked for under the dead one",
        Engine,
    ),
    fault(
        "children-go-on-alone",
        "children of a missing or held parent are written",
        Engine,
    ),
    fault(
        "delete-without-a-look",
        "a record is deleted though it was edited a moment ago",
        Engine,
    ),
    fault("delete-over-an-edit", "a delete wins over an edit", Engine),
    fault(
        "the-dead-come-back",
        "a record whose link ended is created again",
        Engine,
    ),
    fault(
        "a-second-hint-is-lost",
        "a hint about a marked record is answered by what a feed showed before it",
        Engine,
    ),
    fault(
        "several-heirs-are-none",
        "a record whose keys several others have now was deleted",
        Engine,
    ),
    fault(
        "an-unread-record-is-a-strangers",
        "a record that could not be read just then was created a second time",
        Engine,
    ),
    fault(
        "only-the-linked-are-met",
        "who is linked in the middle of a walk is looked for at its end",
        Engine,
    ),
    fault(
        "every-imprint-fits",
        "rows of linked records are dropped without a comparison",
        Engine,
    ),
    fault(
        "an-imprint-outlives-its-mapping",
        "rows are dropped by what they were read as before the mapping changed",
        Engine,
    ),
    fault(
        "who-is-away-leaves-an-imprint",
        "a row of a missing or hidden record is dropped as one that tells nothing",
        Engine,
    ),
    fault(
        "an-unread-heir-is-nobody",
        "a merged record was deleted because its heir could not be read just then",
        Engine,
    ),
    fault(
        "a-missing-record-is-unread",
        "a connector that says by an error that a record is missing is asked for it for ever",
        Engine,
    ),
    fault(
        "linked-records-wait-for-ever",
        "a linked record whose reference has no counterpart yet never gets it",
        Engine,
    ),
    fault(
        "orphans-are-not-looked-for",
        "nobody looks for the notes of a contact that is gone",
        Engine,
    ),
    fault(
        "a-delete-takes-what-stands-under-it",
        "a contact is deleted together with a note that is nowhere else",
        Engine,
    ),
    fault(
        "what-stands-under-it-is-not-read",
        "a contact is deleted by what feeds have shown of its notes",
        Engine,
    ),
    fault(
        "a-delete-takes-what-was-put-elsewhere",
        "a contact is deleted with a note whose counterpart was put under another",
        Engine,
    ),
    fault(
        "a-frozen-child-is-deleted",
        "a note is deleted though the delete of its contact is held",
        Engine,
    ),
    fault(
        "what-is-not-found-is-asked-for-again",
        "a create under a contact that is gone is sent again and again",
        Engine,
    ),
    fault(
        "a-record-is-put-under-the-gone",
        "a note is put under a contact that is gone, again and again",
        Engine,
    ),
    fault(
        "losing-its-parent-is-an-edit",
        "a task that our own delete of its contact left under nobody is held as edited",
        Engine,
    ),
    fault(
        "what-went-with-its-parent-was-deleted",
        "the notes of a contact that came back without them are deleted on the other side",
        Engine,
    ),
    fault(
        "all-that-is-gone-was-deleted",
        "all notes of a contact that are gone at once were deleted by somebody",
        Engine,
    ),
    fault(
        "the-moved-wait-for-the-gone",
        "a note that was put under another waits until the delete of its contact is decided",
        Engine,
    ),
    fault(
        "undo-takes-what-stands-under-it",
        "the undo of a contact deletes its notes on both sides",
        Engine,
    ),
    fault(
        "what-stands-under-it-stays-known",
        "the notes of a person who was forgotten are still known",
        Engine,
    ),
    fault(
        "who-refuses-a-key-is-never-forgotten",
        "a forgotten record that refuses a key is linked",
        Engine,
    ),
    fault(
        "created-before-a-look-under-its-parent",
        "a note is created before what stands under its contact there is read",
        Engine,
    ),
    fault(
        "whenever-it-came-equals-are-one",
        "what two people write on both sides, in the same words, becomes one",
        Engine,
    ),
    fault(
        "equals-are-strangers",
        "what shows the same under one parent is created beside it",
        Engine,
    ),
    fault(
        "an-undo-that-failed-is-done",
        "an undo that could not delete a record says that it did",
        Engine,
    ),
    // Guards, writes and refusals.
    fault(
        "the-share-is-ignored",
        "a connection goes on when its share of the day's requests is used up",
        Engine,
    ),
    fault("guard-off-by-one", "a guard lets one more through", Engine),
    fault(
        "write-without-a-look",
        "a lagging index is written over without a read by id",
        Engine,
    ),
    fault(
        "tags-are-put-whole",
        "all tags are put as they were last seen, and others' are lost",
        Stories,
    ),
    fault(
        "reply-is-not-read",
        "what the server made of a write looks like a person's edit",
        Engine,
    ),
    fault(
        "writes-are-forgotten",
        "a late row from before our write looks like an edit",
        Engine,
    ),
    fault(
        "unfinished-is-clean",
        "an entry that could not be finished is not looked at again",
        Engine,
    ),
    fault(
        "refused-is-sent-again",
        "a refused field is sent again at each look",
        Engine,
    ),
    fault(
        "refused-for-ever",
        "a refused field is never tried again",
        Engine,
    ),
    fault(
        "ignored-writes-count",
        "a write that is answered with the old value counts as done",
        Engine,
    ),
    fault(
        "no-way-is-made",
        "a unique value that moves to another record is refused for ever",
        Engine,
    ),
    fault(
        "own-blank-is-an-edit",
        "the blank that makes way for a swap looks like an edit",
        Engine,
    ),
    // Lost replies, crashes, and what people approve.
    fault(
        "no-journal",
        "a write is sent without an intent on disk",
        Engine,
    ),
    fault(
        "lost-reply-is-a-refusal",
        "no reply counts as not done",
        Engine,
    ),
    fault(
        "create-repeated-blindly",
        "a lost create is sent again before it could be seen",
        Engine,
    ),
    fault(
        "adopt-the-first",
        "a lost create adopts the first of several candidates",
        Engine,
    ),
    fault(
        "who-is-edited-is-not-looked-for",
        "a lost create whose copy was given another e-mail since is created again",
        Engine,
    ),
    fault(
        "newborns-are-nobodys",
        "a lost create whose copy shows nothing of what was sent is created again",
        Engine,
    ),
    fault(
        "who-is-as-born-is-in-question",
        "whoever is entered while a reply is awaited is asked about",
        Engine,
    ),
    fault(
        "who-is-asked-about-may-leave",
        "who is asked about is copied once another shows what was sent",
        Engine,
    ),
    fault(
        "somebodys-is-ours",
        "who was entered beside an edited copy is taken for it",
        Engine,
    ),
    fault(
        "what-lacks-was-taken",
        "what a record that a lost create may have made does not show is erased",
        Engine,
    ),
    fault(
        "what-was-never-sent-has-arrived",
        "what somebody has not entered is erased on the other side",
        Engine,
    ),
    fault(
        "a-merged-parent-is-there",
        "a lost create is repeated though the contact that it stood under is gone",
        Engine,
    ),
    fault(
        "a-merged-parent-is-another",
        "what a lost create has made is copied where its contact was merged into another since",
        Engine,
    ),
    fault(
        "elsewhere-is-elsewhere",
        "what a lost create has made is copied before it is known whether its contact was merged",
        Engine,
    ),
    fault(
        "the-dead-win",
        "an edit is written over by what a record has shown that was deleted since",
        Engine,
    ),
    fault(
        "a-double-waits-for-the-walk",
        "of two doubles the second stays held when the first gets another key",
        Engine,
    ),
    fault(
        "a-clock-has-no-grain",
        "a lost create whose copy was changed is created again where replies are given little time",
        Engine,
    ),
    fault(
        "a-freed-key-is-not-told",
        "who was held as a double stays held when the other has another key",
        Engine,
    ),
    fault(
        "who-is-as-born-is-nobodys",
        "a lost create whose copy the system itself changes at once is created again",
        Engine,
    ),
    fault(
        "who-is-read-by-id-is-no-copy",
        "what a lost create has made is copied where a hint tells of it before a feed does",
        Engine,
    ),
    fault(
        "any-key-will-do",
        "a lost create adopts who shares only a name",
        Engine,
    ),
    fault(
        "a-namesakes-copy-is-in-question",
        "a lost create asks about what another has made",
        Engine,
    ),
    fault(
        "adopt-an-older-record",
        "a lost create adopts a record that was there before",
        Engine,
    ),
    fault(
        "adopt-a-linked-record",
        "a create that answers with a linked record is believed",
        Engine,
    ),
    fault(
        "moved-plan-is-done",
        "a saved plan is done though its world has moved",
        Engine,
    ),
    fault(
        "undo-whatever-stands",
        "an undo writes over what somebody has edited since",
        Engine,
    ),
    fault(
        "undo-deletes-what-was-edited",
        "the undo of a create deletes a record that somebody has edited since",
        Engine,
    ),
    fault(
        "a-link-keeps-old-questions",
        "what was asked about a record alone is still asked when it is linked",
        Engine,
    ),
    fault(
        "what-was-made-is-forgotten",
        "a person is forgotten whom an open create has made, and made again",
        Engine,
    ),
    fault(
        "another-place-is-the-same",
        "the blank of a field that is newly paired clears what its old counterpart holds",
        Engine,
    ),
    fault(
        "hidden-is-deleted",
        "what a credential does not see any more is deleted on the other side",
        Engine,
    ),
    fault(
        "every-key-sees-all",
        "a key that sees only a part of an account is taken for one that sees all",
        Stories,
    ),
    fault(
        "a-moved-value-is-gone",
        "a number that is moved to another slot is cleared on the other side",
        Stories,
    ),
    fault(
        "an-heir-has-the-old-memo",
        "a record that takes another's place is read as that one was",
        Stories,
    ),
    fault(
        "the-old-id-of-a-move-is-forgotten",
        "what a move leaves behind is taken for a new record",
        Engine,
    ),
    fault(
        "a-move-deletes-first",
        "a record that is moved is deleted before its copy is there",
        Engine,
    ),
    fault(
        "a-move-deletes-without-a-look",
        "what a move leaves behind is deleted though somebody has edited it",
        Engine,
    ),
    fault(
        "each-cycle-is-the-first",
        "what is changed after the first sync is taken for the backlog",
        Engine,
    ),
    fault(
        "only-stamps-tell-of-changes",
        "a change of what was left alone is not noticed where nothing stamps it",
        Engine,
    ),
    fault(
        "a-clock-that-is-behind-makes-old",
        "what is entered under a clock that is behind is taken for the backlog",
        Engine,
    ),
    fault(
        "those-that-it-is-not-are-not-read",
        "what was deleted while it was in question for a lost create crosses",
        Engine,
    ),
    fault(
        "a-later-one-was-moved",
        "what was entered under another parent long after a lost create may be what that has made",
        Engine,
    ),
    fault(
        "an-answer-leaves-it-open",
        "who says which record a lost create has made is not heard: another is adopted, too",
        Engine,
    ),
    fault(
        "what-was-not-sent-tells-nothing",
        "a field that a lost create has not sent does not tell its record from another's",
        Engine,
    ),
    fault(
        "a-source-is-a-copy",
        "a record that is being carried across is taken for what a lost create has made",
        Engine,
    ),
    fault(
        "any-parent-will-do",
        "a note under another contact is taken for a lost create, where none is ever put elsewhere",
        Engine,
    ),
    fault(
        "look-alikes-are-one",
        "records that say the same are not told apart when the replies to their creates are lost",
        Engine,
    ),
    fault(
        "a-reference-goes-with-its-record",
        "a reference that is blank since its record is gone counts as taken away",
        Engine,
    ),
    fault(
        "who-is-blanked-is-not-looked-at",
        "nobody looks whether what a reference named is still there",
        Engine,
    ),
    fault(
        "who-is-read-under-it-is-taken",
        "a linked note that is read under a contact before its delete is not asked about",
        Engine,
    ),
    fault(
        "an-ended-parent-goes-first",
        "a note that was put under a held contact, from one that ended, is tried in each cycle",
        Engine,
    ),
    fault(
        "a-move-ends-under-nothing",
        "a record that stays under its parent is given none",
        Engine,
    ),
    fault(
        "a-held-move-is-held-for-ever",
        "a move that the policy held is not tried again under another policy",
        Engine,
    ),
    fault(
        "a-copy-that-is-gone-is-waited-for",
        "an edit of what a move left behind waits for a copy that was deleted",
        Engine,
    ),
    fault(
        "an-answer-may-lead-nowhere",
        "an answered reference is written though what it leads to was merged since",
        Engine,
    ),
    fault(
        "an-undo-knows-old-ids-only",
        "what was done before a move is not undone after it",
        Engine,
    ),
    fault(
        "a-mute-reply-parts-from-the-parent",
        "a reply that does not show a note takes it from its contact, and its delete goes unnoticed",
        Engine,
    ),
    fault(
        "a-draft-is-sent-unread",
        "a mapper writes what nobody asked for",
        Engine,
    ),
    fault(
        "lines-do-not-merge",
        "of two edits of one long text one is lost to a rule",
        Engine,
    ),
    fault(
        "a-merge-is-one-side",
        "a merge of two edits of one long text is the text of one side",
        EngineUnits,
    ),
    fault(
        "lines-that-meet-are-the-lefts",
        "of two edits of one line one is lost without a rule",
        EngineUnits,
    ),
    fault(
        "another-mapping-forgives-nothing",
        "what was refused waits for its day, though a mapper was given another list",
        Stories,
    ),
    fault(
        "a-look-for-nothing",
        "a record is read though the mapper can write nothing of what it is to become",
        Stories,
    ),
    fault(
        "a-create-without-its-memo",
        "a name that was made travels back where the calls after the create fail",
        Engine,
    ),
    fault(
        "asks-what-no-answer-can-write",
        "a person chooses between two values that stay as they are, as two authors of one note",
        Engine,
    ),
    // The store.
    fault("two-writers", "an older opening goes on writing", Sqlite),
    fault(
        "a-cached-imprint-stays",
        "an imprint that was read before outlives its link",
        Sqlite,
    ),
    fault(
        "an-imprint-outlives-its-link",
        "a row is dropped by what its link said before it was written again",
        Sqlite,
    ),
    fault(
        "claims-are-ignored",
        "two connections link one record",
        Sqlite,
    ),
    fault(
        "forgetting-leaves-the-history",
        "a forgotten person stays in the history",
        Sqlite,
    ),
    fault(
        "holds-die-with-the-program",
        "holds are gone after a restart",
        Sqlite,
    ),
    fault(
        "the-disk-is-not-waited-for",
        "a commit answers before the disk has it",
        SqliteUnits,
    ),
];
