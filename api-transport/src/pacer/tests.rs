//! The pacer, by a clock that stands still.

use super::{state::DAY, *};

fn limits() -> Limits {
    Limits {
        burst: 10,
        interval: Duration::from_secs(1),
        in_flight: 4,
        daily: Some(100),
        reserve: 20,
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_passes_at_once_and_the_next_call_waits_for_the_interval() {
    let pacer = Pacer::new(limits());
    let start = Instant::now();
    for _ in 0..10 {
        pacer.turn(Priority::Bulk).await.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    pacer.turn(Priority::Bulk).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn no_interval_ever_holds_more_than_the_burst() {
    let pacer = Pacer::new(Limits {
        daily: None,
        ..limits()
    });
    let mut sent = Vec::new();
    for _ in 0..55 {
        pacer.turn(Priority::Interactive).await.unwrap();
        sent.push(Instant::now());
    }
    for window in sent.windows(11) {
        assert!(window[10] - window[0] >= Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn bulk_leaves_the_reserve_and_a_used_up_day_stops() {
    let pacer = Pacer::new(limits());
    for _ in 0..80 {
        pacer.turn(Priority::Bulk).await.unwrap();
    }
    assert!(pacer.turn(Priority::Bulk).await.is_err());
    for _ in 0..20 {
        pacer.turn(Priority::Interactive).await.unwrap();
    }
    assert!(pacer.turn(Priority::Interactive).await.is_err());
    pacer.learn(&LimitReading {
        daily_resets_in: Some(Duration::from_secs(60)),
        ..LimitReading::default()
    });
    tokio::time::advance(Duration::from_secs(61)).await;
    assert!(pacer.turn(Priority::Bulk).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_everyone_once() {
    let pacer = Pacer::new(limits());
    let start = Instant::now();
    pacer.pause(Duration::from_secs(5));
    pacer.pause(Duration::from_secs(5));
    let (a, b) = tokio::join!(
        pacer.turn(Priority::Bulk),
        pacer.turn(Priority::Interactive)
    );
    assert!(a.is_ok() && b.is_ok());
    assert!(start.elapsed() < Duration::from_secs(6));
}

#[tokio::test(start_paused = true)]
async fn an_empty_interval_in_the_headers_holds_us_back() {
    let pacer = Pacer::new(limits());
    pacer.learn(&LimitReading {
        burst_remaining: Some(0),
        ..LimitReading::default()
    });
    let start = Instant::now();
    pacer.turn(Priority::Interactive).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_day_that_no_header_tells_of_is_renewed_a_day_after_its_first_call() {
    let pacer = Pacer::new(Limits {
        burst: 1_000,
        ..limits()
    });
    for _ in 0..100 {
        pacer.turn(Priority::Interactive).await.unwrap();
    }
    let used_up = pacer.turn(Priority::Interactive).await.unwrap_err();
    assert_eq!(used_up.resets_in, Some(DAY));
    tokio::time::advance(DAY).await;
    assert!(pacer.turn(Priority::Bulk).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_others_took_of_the_interval_is_left_to_them() {
    let pacer = Pacer::new(limits());
    drop(pacer.turn(Priority::Interactive).await.unwrap());
    assert_eq!(pacer.budget().burst_remaining, Some(9));
    pacer.learn(&LimitReading {
        burst_remaining: Some(3),
        ..LimitReading::default()
    });
    assert_eq!(pacer.budget().burst_remaining, Some(3));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(pacer.budget().burst_remaining, Some(10));
}

#[tokio::test(start_paused = true)]
async fn an_interactive_call_goes_before_all_bulk_calls_that_wait() {
    let pacer = Pacer::new(Limits {
        in_flight: 1,
        ..limits()
    });
    let held = pacer.turn(Priority::Bulk).await.unwrap();
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut calls = tokio::task::JoinSet::new();
    for priority in [Priority::Bulk, Priority::Bulk, Priority::Interactive] {
        let (pacer, order) = (pacer.clone(), Arc::clone(&order));
        calls.spawn(async move {
            let turn = pacer.turn(priority).await.unwrap();
            order.lock().unwrap().push(priority);
            drop(turn);
        });
        tokio::task::yield_now().await;
    }
    drop(held);
    calls.join_all().await;
    let order = order.lock().unwrap().clone();
    assert_eq!(order[0], Priority::Interactive);
}

#[tokio::test(start_paused = true)]
async fn a_lane_with_a_thousand_calls_does_not_keep_another_waiting() {
    let pacer = Pacer::new(Limits {
        daily: None,
        ..limits()
    });
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut calls = tokio::task::JoinSet::new();
    for (name, count) in [("many", 1_000), ("few", 5)] {
        let lane = pacer.lane();
        for _ in 0..count {
            let (lane, order) = (lane.clone(), Arc::clone(&order));
            calls.spawn(async move {
                let turn = lane.turn(Priority::Bulk).await.unwrap();
                order.lock().unwrap().push(name);
                drop(turn);
            });
        }
        tokio::task::yield_now().await;
    }
    calls.join_all().await;
    let order = order.lock().unwrap();
    let last = order.iter().rposition(|name| *name == "few").unwrap();
    assert!(last < 40, "the few were through at place {last}");
}

/// A server that counts arrivals, in an interval that slides or in one that stands.
struct Counting {
    limits: Limits,
    slides: bool,
    arrived: Vec<Instant>,
    began: Option<Instant>,
    in_standing: u32,
    refused: u32,
}

impl Counting {
    fn arrive(&mut self, now: Instant) {
        let interval = self.limits.interval;
        if self.began.is_none_or(|began| now - began >= interval) {
            self.began = Some(now);
            self.in_standing = 0;
        }
        self.in_standing += 1;
        self.arrived.retain(|at| now - *at < interval);
        self.arrived.push(now);
        let sliding = u32::try_from(self.arrived.len()).unwrap();
        let counted = if self.slides {
            sliding
        } else {
            self.in_standing
        };
        self.refused += u32::from(counted > self.limits.burst);
    }
}

#[tokio::test(start_paused = true)]
async fn at_steady_state_no_429_is_of_our_own_doing_whatever_the_network_does() {
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    for slides in [true, false] {
        let limits = Limits {
            burst: 25,
            interval: Duration::from_secs(10),
            in_flight: 5,
            daily: None,
            reserve: 0,
        };
        let server = Arc::new(Mutex::new(Counting {
            limits: limits.clone(),
            slides,
            arrived: Vec::new(),
            began: None,
            in_standing: 0,
            refused: 0,
        }));
        let pacer = Pacer::new(limits);
        let mut rng = fastrand::Rng::with_seed(seed);
        let start = Instant::now();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..400 {
            let (pacer, server) = (pacer.clone(), Arc::clone(&server));
            let (there, back) = (rng.u64(1..3_000), rng.u64(1..900));
            calls.spawn(async move {
                let turn = pacer.turn(Priority::Bulk).await.unwrap();
                tokio::time::sleep(Duration::from_millis(there)).await;
                server.lock().unwrap().arrive(Instant::now());
                tokio::time::sleep(Duration::from_millis(back)).await;
                drop(turn);
            });
        }
        calls.join_all().await;
        assert_eq!(server.lock().unwrap().refused, 0, "SEED={seed}");
        assert!(start.elapsed() < Duration::from_secs(400), "SEED={seed}");
    }
}
