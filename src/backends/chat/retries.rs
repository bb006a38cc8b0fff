//! Whether a failed attempt is followed by another, and when.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use super::{failure::Next, settings::Deadlines};

/// How often a failing endpoint is asked again.
const RETRIES_MAX: u32 = 2;

/// How often an endpoint's own wait is sat out.
const WAITS_MAX: u32 = 3;

/// What was tried so far.
#[derive(Default)]
pub(super) struct Retries {
    again: u32,
    waited: u32,
}

impl Retries {
    /// How long to wait before the next attempt; none when there is to be none.
    pub(super) fn wait(&mut self, next: Next, deadlines: &Deadlines) -> Option<Duration> {
        match next {
            Next::GiveUp => None,
            Next::Again if self.again == RETRIES_MAX => None,
            Next::Again => {
                self.again += 1;
                Some(spread(deadlines.retry.saturating_mul(1 << (self.again - 1))))
            }
            Next::Wait(_) if self.waited == WAITS_MAX => None,
            Next::Wait(asked) => {
                let asked = asked.unwrap_or(deadlines.retry.saturating_mul(1 << (self.waited + 1)));
                self.waited += 1;
                // Coming back before the time that was asked for makes matters worse.
                (asked <= deadlines.retry_max)
                    .then(|| asked.saturating_add(spread(deadlines.retry) / 4))
            }
        }
    }
}

/// The duration, made up to a quarter longer or shorter by chance, so that calls that failed
/// together do not come back together.
fn spread(duration: Duration) -> Duration {
    let chance = RandomState::new().hash_one(()) >> 48;
    let permille = 750 + u32::try_from(chance % 500).unwrap_or(250);
    duration.saturating_mul(permille) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(next: Next, expected_ms: &[(u64, u64)]) {
        let deadlines = Deadlines {
            retry: Duration::from_millis(100),
            retry_max: Duration::from_secs(9),
            ..Deadlines::default()
        };
        let mut retries = Retries::default();
        for (shortest, longest) in expected_ms {
            let wait = retries.wait(next, &deadlines).unwrap();
            let range = Duration::from_millis(*shortest)..Duration::from_millis(*longest);
            assert!(range.contains(&wait), "{wait:?}");
        }
        assert_eq!(retries.wait(next, &deadlines), None);
    }

    /// Fault 110: a failing endpoint is asked twice more.
    #[test]
    fn two_retries_come_at_growing_distances() {
        check(Next::Again, &[(75, 125), (150, 250)]);
        check(Next::GiveUp, &[]);
    }

    /// Fault 108: too many requests are waited for, within a cap.
    #[test]
    fn an_asked_wait_is_kept_and_capped() {
        let asked = |seconds| Next::Wait(Some(Duration::from_secs(seconds)));
        check(asked(9), &[(9000, 9050), (9000, 9050), (9000, 9050)]);
        check(asked(10), &[]);
        check(Next::Wait(None), &[(200, 250), (400, 450), (800, 850)]);
    }
}
