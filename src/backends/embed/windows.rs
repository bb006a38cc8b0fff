//! Divides long texts into windows, gathers windows into batches, and runs those on all cores.

use std::{
    num::NonZero,
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::arithmetic::{count, normalize};
use crate::error::{Error, Result};

/// How texts are gathered for one pass through a network.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The most pieces that the network reads as one text.
    pub(super) window_pieces_max: usize,
    /// The most pieces of one batch, unless a single window has more.
    pub(super) batch_pieces_max: usize,
}

/// One unit vector a text. The vector of a text over the limit is the mean of its windows' vectors,
/// weighted by their pieces.
pub(super) fn embed_in_windows(
    limits: Limits,
    texts: &[Vec<u32>],
    forward: impl Fn(&[&[u32]]) -> Result<Vec<Vec<f32>>> + Sync,
) -> Result<Vec<Vec<f32>>> {
    let mut owners = Vec::new();
    let mut windows = Vec::new();
    for (text, ids) in texts.iter().enumerate() {
        for range in divide(ids.len(), limits.window_pieces_max) {
            owners.push(text);
            windows.push(&ids[range]);
        }
    }
    let batches = gather(&windows, limits.batch_pieces_max);
    let results = run_all(batches.len(), |batch| forward(&windows[batches[batch].clone()]));
    let mut vectors = vec![Vec::new(); texts.len()];
    let mut window = 0;
    for result in results {
        for vector in result? {
            let weight = count(windows[window].len());
            add_weighted(&mut vectors[owners[window]], &vector, weight);
            window += 1;
        }
    }
    for (index, vector) in vectors.iter_mut().enumerate() {
        if !normalize(vector) {
            return Err(Error::failed(format!(
                "text {index} has no vector: it is zero or infinite"
            )));
        }
    }
    Ok(vectors)
}

/// Cuts a length into as few parts as the limit allows, all but equally long.
fn divide(length: usize, length_max: usize) -> impl Iterator<Item = Range<usize>> {
    let parts = length.div_ceil(length_max);
    (0..parts).map(move |part| part * length / parts..(part + 1) * length / parts)
}

fn gather(windows: &[&[u32]], pieces_max: usize) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let (mut start, mut pieces) = (0, 0);
    for (index, window) in windows.iter().enumerate() {
        if index > start && pieces + window.len() > pieces_max {
            batches.push(start..index);
            (start, pieces) = (index, 0);
        }
        pieces += window.len();
    }
    if start < windows.len() {
        batches.push(start..windows.len());
    }
    batches
}

/// Does every task, on as many threads as there are cores, and gives the results back in order.
pub(crate) fn run_all<T: Send>(tasks: usize, run: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(tasks);
    if threads < 2 {
        return (0..tasks).map(run).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let task = next.fetch_add(1, Ordering::Relaxed);
            if task >= tasks {
                return done;
            }
            done.push((task, run(task)));
        }
    };
    let mut results: Vec<(usize, T)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    results.sort_unstable_by_key(|(task, _)| *task);
    results.into_iter().map(|(_, result)| result).collect()
}

fn add_weighted(sum: &mut Vec<f32>, vector: &[f32], weight: f32) {
    sum.resize(vector.len(), 0.0);
    for (component, value) in sum.iter_mut().zip(vector) {
        *component += weight * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { window_pieces_max: 4, batch_pieces_max: 6 };

    /// The vector of a window is (its first piece, its number of pieces).
    fn embed(texts: &[Vec<u32>]) -> Result<Vec<Vec<f32>>> {
        embed_in_windows(LIMITS, texts, |windows| {
            assert!(windows.iter().all(|window| window.len() <= 4));
            assert!(windows.len() == 1 || windows.iter().map(|w| w.len()).sum::<usize>() <= 6);
            Ok(windows
                .iter()
                .map(|window| vec![count(window[0] as usize), count(window.len())])
                .collect())
        })
    }

    fn unit(x: f32, y: f32) -> Vec<f32> {
        let length = x.hypot(y);
        vec![x / length, y / length]
    }

    fn assert_close(left: &[f32], right: &[f32]) {
        assert!(left.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-6), "{left:?} {right:?}");
    }

    #[test]
    fn vectors_come_back_in_the_order_of_their_texts() {
        let texts: Vec<Vec<u32>> = (1..40).map(|id| vec![id; id as usize % 3 + 1]).collect();
        let vectors = embed(&texts).unwrap();
        assert_eq!(vectors.len(), texts.len());
        for (text, vector) in texts.iter().zip(&vectors) {
            assert_close(vector, &unit(count(text[0] as usize), count(text.len())));
        }
    }

    #[test]
    fn a_long_text_is_the_mean_of_its_windows_by_length() {
        let vector = &embed(&[vec![1, 1, 1, 3, 3, 3, 3]]).unwrap()[0];
        let expected = unit(3.0 * 1.0 + 4.0 * 3.0, 3.0 * 3.0 + 4.0 * 4.0);
        assert_close(vector, &expected);
    }

    #[test]
    fn windows_cover_a_text_and_are_all_but_equally_long() {
        for length in 0..50 {
            let mut end = 0;
            for range in divide(length, 4) {
                assert_eq!(range.start, end);
                assert!((length.min(2)..=4).contains(&range.len()), "{range:?} of {length}");
                end = range.end;
            }
            assert_eq!(end, length);
        }
    }

    /// Fault 95: a vector that is no vector, or has no length.
    #[test]
    fn a_vector_that_is_zero_or_not_a_number_is_an_error() {
        for broken in [0.0, f32::NAN, f32::INFINITY] {
            let result = embed_in_windows(LIMITS, &[vec![1]], |_| Ok(vec![vec![broken; 2]]));
            assert!(result.is_err(), "{broken}");
        }
    }
}
