//! `ghl-insightly demo`: the main job, end to end, on two local servers.

mod edits;
mod entered;
mod table;
mod work;
mod world;

use std::time::Instant;

use clap::Args;

use crate::{failure::Failure, told};
use table::Table;
use world::World;

/// Shows the main job on two local servers.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Other people.
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Contacts in GHL.
    #[arg(long, default_value_t = 1000)]
    ghl: u64,
    /// Contacts in Insightly.
    #[arg(long, default_value_t = 600)]
    insightly: u64,
    /// How many of them are the same people.
    #[arg(long, default_value_t = 400)]
    shared: u64,
    /// Alters one record behind the engine's back before the check, to show that the check can fail.
    #[arg(long)]
    break_it: bool,
}

impl Demo {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let started = Instant::now();
        let shared = self.shared.min(self.ghl).min(self.insightly);
        let mut world = World::start(self.seed, self.ghl, self.insightly, shared).await?;
        println!(
            "Two servers on this machine: GHL at {}, Insightly at {}.",
            world.ghl_url(),
            world.insightly_url()
        );
        println!(
            "{} contacts in GHL, {} in Insightly; {shared} of them are the same people. Besides: {}.",
            self.ghl,
            self.insightly,
            world.besides()
        );

        println!("\n1. The plan");
        let plan = world.engine.plan().await?;
        println!("   {}.", told::counts(&plan.counts, plan.holds));
        for staged in plan.steps(0, 3).await? {
            let sentence = staged.told(&told::NAMES);
            println!("   e.g. {sentence}");
        }
        drop(plan);
        let mut table = Table::new(world.requests());

        println!("\n2. The first sync");
        world.settle(&mut table, "first sync").await?;
        for told in world.holds(4).await? {
            println!("   held: {told}");
        }

        println!("\n3. People edit on both sides, some the same field of the same contact");
        let edits = edits::people_edit(&mut world)?;
        println!("   {edits}.");
        World::let_the_indexes_catch_up().await;
        world.settle(&mut table, "edits").await?;
        for told in world.conflicts(4).await? {
            println!("   conflict: {told}");
        }

        println!("\n4. A reply is lost right after a create (a warning is expected here)");
        edits::lose_a_reply(&mut world)?;
        World::let_the_indexes_catch_up().await;
        world.settle(&mut table, "lost reply").await?;

        println!("\n5. Nothing has changed");
        world.settle(&mut table, "idle").await?;

        if self.break_it {
            edits::break_one(&world)?;
            println!("\n   (one record was altered behind the engine's back)");
        }
        println!("\n6. The check: both servers' state, read whole");
        let check = world.check().await?;
        println!("   {}\n", check.to_string().replace('\n', "\n   "));
        println!("{table}");
        println!(
            "Done in {:.1} s, peak memory {}.",
            started.elapsed().as_secs_f64(),
            table::peak_memory()
        );
        world.stop().await;
        check.verdict().map_err(Failure::check)?;
        println!("PASSED: both sides are equal, and nothing is doubled.");
        Ok(())
    }
}
