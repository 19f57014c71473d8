//! The proofs: both CRMs as local servers, the real command or its library
//! pieces between them, and an independent look at what came out.
//!
//! | module | holds |
//! | --- | --- |
//! | [`world`] | both servers, the settings file, the store's file |
//! | [`command`] | the real `ghl-insightly` command as a process |
//! | [`agreement`] | the check: what the store says, and the raw states of both servers |
//! | [`scenarios`] | the stories that must end well |
//! | [`scene`] | what a story needs: both CRMs on one clock, an engine, the hands of two users |
//! | [`deeds`] | what people did, and which field of a record is meant by a member |
//! | `people` | users who enter, edit and delete whatever comes to their minds |
//! | [`ending`] | how each story has to end |
//! | [`kills`] | the proof that nothing is lost or doubled by `kill -9` |
//! | [`cost`] | the proof of what a sync costs |
//! | [`table`] | every pattern of one field against an oracle, and the table for people |
//! | [`random`] | random histories in numbers |
//! | [`histories`] | people edit, writes fail, the program dies |
//! | [`lives`] | people enter, delete, restore and merge |
//! | [`references`] | people work for companies, notes stand under people, hands and settings act |
//! | [`look_alikes`] | notes say the same, and their creates lose their replies |
//! | [`mutants`] | faults that are planted, and the tests that find them |
//! | [`failure`] | why a proof does not hold |

pub mod agreement;
pub mod command;
pub mod cost;
pub mod deeds;
pub mod ending;
pub mod failure;
pub mod histories;
pub mod kills;
pub mod lives;
pub mod look_alikes;
pub mod mutants;
mod people;
pub mod random;
pub mod references;
pub mod scenarios;
pub mod scene;
pub mod table;
pub mod world;
