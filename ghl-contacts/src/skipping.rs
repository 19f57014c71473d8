//! Lists that go on by skipping what was seen.

use futures_util::{Stream, TryStreamExt, stream};

use crate::error::{Error, Result};

/// All rows of a list without a total: only an empty page ends it, since a short one may
/// just be capped below what was asked for.
pub(crate) fn by_skip<T, P>(page: impl Fn(usize) -> P + Send) -> impl Stream<Item = Result<T>>
where
    P: Future<Output = Result<Vec<T>>> + Send,
{
    stream::try_unfold((page, 0), |(page, skip)| async move {
        let rows = page(skip).await?;
        let seen = skip + rows.len();
        let more = !rows.is_empty();
        Ok::<_, Error>(more.then(|| (stream::iter(rows.into_iter().map(Ok)), (page, seen))))
    })
    .try_flatten()
}
