//! Reading 100,000 full contacts, and single calls, by raw reqwest with `serde_json::Value`, by
//! `insightly`, by hpx-insightly and by Airbyte's source: one local server, one run.
//!
//! `cargo run --release [ROUNDS]` in this folder. The Python clients need
//! `pip install hpx-insightly airbyte-source-insightly` (Python 3.9 or 3.10) and `PYTHON`, the
//! interpreter that has them; without it `python3` is tried. What is missing is named.

mod clients;
mod server;
mod table;

use contest::Result;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match words[..] {
        [] => table::print(5),
        ["serve"] => runtime.block_on(server::serve()),
        ["client", who, url, what, count] => {
            let used = runtime.block_on(clients::run(who, url, what, count.parse()?))?;
            println!("{used}");
            Ok(())
        }
        [rounds] => table::print(rounds.parse()?),
        _ => Err("one argument at most: how many rounds".into()),
    }
}
