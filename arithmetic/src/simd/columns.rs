//! Sums of products, sixteen columns at a time: where the time of a check goes.
//!
//! Column `k` of a product is the sum of all `a_i * b_(k-i)`. Here `a` comes in the form
//! of a multiplier, `b` in that of a multiplicand (see `digits`). What is done four times
//! is written four times, so that sums stay in registers.

use super::{
    digits::{BITS, Group, Half, Multiplicand, Pairs},
    lanes::Lanes,
};

/// Four columns: what stays of them and what they carry.
pub(super) type Column = (Lanes, Lanes);

/// The columns from `16 * place` of `a * b`, and what is in them already.
#[inline(always)]
pub(super) fn columns(
    start: [Column; 4],
    a: &[Pairs],
    b: &Multiplicand,
    place: usize,
) -> [Column; 4] {
    let mut start = start;
    let (a, b) = match (2 * place + 2).checked_sub(b.0.len()) {
        None => meet_below(&mut start, a, &b.0, place),
        Some(first) => meet_above(&mut start, a, &b.0, first),
    };
    with_all_products(start, a, b)
}

/// The same of a place in the lower half of the product.
#[inline(always)]
pub(super) fn lower_columns(a: &[Pairs], b: &Multiplicand, place: usize) -> [Column; 4] {
    let mut start = NOTHING;
    let (a, b) = meet_below(&mut start, a, &b.0, place);
    with_all_products(start, a, b)
}

/// The same of a place in the upper half, where digits of `a` before the `first` meet
/// nothing.
#[inline(always)]
pub(super) fn upper_columns(
    start: [Column; 4],
    a: &[Pairs],
    b: &Multiplicand,
    first: usize,
) -> [Column; 4] {
    let mut start = start;
    let (a, b) = meet_above(&mut start, a, &b.0, first);
    with_all_products(start, a, b)
}

/// Adds what halves of `a` make with windows of `b`. In line, although it is long: a
/// twentieth of a signature's time, for 0.6 KB.
#[inline(always)]
fn with_all_products(start: [Column; 4], a: &[Half], b: &[[Lanes; 2]]) -> [Column; 4] {
    let [(s0, c0), (s1, c1), (s2, c2), (s3, c3)] = start;
    let (mut sums, mut a, mut b) = ([s0, s1, s2, s3], a, b);
    let [mut c0, mut c1, mut c2, mut c3] = [c0, c1, c2, c3];
    loop {
        let (digits, rest) = a.split_at(a.len().min(HALVES_BETWEEN_CARRIES));
        let [s0, s1, s2, s3] = plus_products(sums, digits, b);
        let ([s0, d0], [s1, d1], [s2, d2], [s3, d3]) = (cut(s0), cut(s1), cut(s2), cut(s3));
        (c0, c1) = (c0.plus(d0), c1.plus(d1));
        (c2, c3) = (c2.plus(d2), c3.plus(d3));
        if rest.is_empty() {
            return [(s0, c0), (s1, c1), (s2, c2), (s3, c3)];
        }
        sums = [s0, s1, s2, s3];
        a = rest;
        b = b.get(digits.len()..).unwrap_or_default();
    }
}

/// The four columns below those of the upper half of a product: with what they carry, but
/// without the carries from below.
pub(super) fn middle_columns(a: &[Pairs], b: &Multiplicand) -> Column {
    let [mut s0, mut s1, mut s2, mut s3] = ZEROS;
    let windows = b.0.get(1..).unwrap_or_default().windows(2);
    for (digits, window) in a.iter().zip(windows) {
        let ([a0, a1, a2, a3], [[[b0, _], [b1, _]], [[_, b2], [_, b3]]]) = (all(*digits), window)
        else {
            break;
        };
        s0 = s0.plus(a0.dot(*b0));
        s1 = s1.plus(a1.dot(*b1));
        s2 = s2.plus(a2.dot(*b2));
        s3 = s3.plus(a3.dot(*b3));
    }
    let ([l0, c0], [l1, c1], [l2, c2], [l3, c3]) = (cut(s0), cut(s1), cut(s2), cut(s3));
    let low = l0.plus(l1).plus(l2.plus(l3));
    (low, c0.plus(c1).plus(c2.plus(c3)))
}

/// Adds eight digits of `a` times what of `b` falls into sixteen columns with them, where
/// nothing of `b` is below.
#[inline(always)]
pub(super) fn add_first_products(sums: &mut [Lanes; 4], a: Pairs, b: [Lanes; 8]) {
    let [a0, a1, a2, a3] = all(a);
    let [b2, b3, b4, b5, b6, b7, b8, b9] = b;
    let [s0, s1, s2, s3] = *sums;
    *sums = [
        s0.plus(a0.dot(b2)).plus(a1.dot(b3)),
        with_products(s1, [a0, a1, a2, a3], [b4, b5, b2, b3]),
        with_products(s2, [a0, a1, a2, a3], [b6, b7, b4, b5]),
        with_products(s3, [a0, a1, a2, a3], [b8, b9, b6, b7]),
    ];
}

/// Each sum in two: what stays of it, and what it carries.
#[inline(always)]
pub(super) fn cut(sum: Lanes) -> [Lanes; 2] {
    [sum.masked(DIGIT), sum.divided_down::<BITS>()]
}

/// The halves of `a` and the windows of `b` that meet in columns of the lower half; what
/// meets only in part is in the sums already.
#[inline(always)]
fn meet_below<'a, 'b>(
    sums: &mut [Column; 4],
    a: &'a [Pairs],
    b: &'b [Group],
    place: usize,
) -> (&'a [Half], &'b [[Lanes; 2]]) {
    if let (Some(digits), [.., b1, b0]) = (a.get(2 * place + 1), b) {
        add_lowest_products(sums, *digits, [b0, b1]);
    }
    // The first digits of `a` meet the eight of `b` at `16 * place`, and those above.
    let a = a.get(..2 * place + 1).unwrap_or(a);
    let b = b.get(b.len().saturating_sub(2 * place + 3)..);
    (a.as_flattened(), b.unwrap_or_default().as_flattened())
}

/// The same for the upper half, where digits of `a` before the `first` meet nothing.
#[inline(always)]
fn meet_above<'a, 'b>(
    sums: &mut [Column; 4],
    a: &'a [Pairs],
    b: &'b [Group],
    first: usize,
) -> (&'a [Half], &'b [[Lanes; 2]]) {
    let mut rest: &[Pairs] = &[];
    if let (Some([digits, above @ ..]), [_, highest, ..]) = (a.get(first..), b) {
        add_highest_products(sums, *digits, highest);
        rest = above;
    }
    (rest.as_flattened(), b.as_flattened())
}

/// One loop for the halves of both parities, whose body is short enough for the registers
/// of a common processor. Both slices are walked upwards, by one counter.
#[inline(always)]
fn plus_products(sums: [Lanes; 4], a: &[Half], b: &[[Lanes; 2]]) -> [Lanes; 4] {
    let [mut s0, mut s1, mut s2, mut s3] = sums;
    for ([lower, upper], window) in a.iter().zip(b.windows(5)) {
        let [[b4, _], _, [b2, b3], _, [b0, b1]] = window else {
            break;
        };
        let (lower, upper) = (Lanes::all(*lower), Lanes::all(*upper));
        s0 = s0.plus(lower.dot(*b1)).plus(upper.dot(*b0));
        s1 = s1.plus(lower.dot(*b2)).plus(upper.dot(*b1));
        s2 = s2.plus(lower.dot(*b3)).plus(upper.dot(*b2));
        s3 = s3.plus(lower.dot(*b4)).plus(upper.dot(*b3));
    }
    [s0, s1, s2, s3]
}

/// Adds the products of eight digits with the lowest of `b`, eight places further down:
/// six of sixteen, for the others are with zeros.
#[inline(always)]
fn add_lowest_products(columns: &mut [Column; 4], a: Pairs, b: [&Group; 2]) {
    let [a0, a1, a2, a3] = all(a);
    let [[[_, b6], [_, b7]], [[b8, _], [b9, _]]] = b;
    let [_, _, (s2, _), (s3, _)] = columns;
    *s2 = s2.plus(a0.dot(*b6)).plus(a1.dot(*b7));
    *s3 = with_products(*s3, [a0, a1, a2, a3], [*b8, *b9, *b6, *b7]);
}

/// The same at the other end of `b`.
#[inline(always)]
fn add_highest_products(columns: &mut [Column; 4], a: Pairs, b: &Group) {
    let [a0, a1, a2, a3] = all(a);
    let [[b0, b2], [b1, b3]] = b;
    let [(s0, _), (s1, _), ..] = columns;
    *s1 = s1.plus(a2.dot(*b2)).plus(a3.dot(*b3));
    *s0 = with_products(*s0, [a0, a1, a2, a3], [*b2, *b3, *b0, *b1]);
}

/// Each pair of digits in all four lanes, from the lowest pair.
#[inline(always)]
fn all(digits: Pairs) -> [Lanes; 4] {
    let [[a0, a2], [a1, a3]] = digits;
    [
        Lanes::all(a0),
        Lanes::all(a1),
        Lanes::all(a2),
        Lanes::all(a3),
    ]
}

#[inline(always)]
fn with_products(sum: Lanes, a: [Lanes; 4], b: [Lanes; 4]) -> Lanes {
    let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (a, b);
    sum.plus(a0.dot(b0))
        .plus(a1.dot(b1))
        .plus(a2.dot(b2))
        .plus(a3.dot(b3))
}

pub(super) const NOTHING: [Column; 4] = [(Lanes::ZERO, Lanes::ZERO); 4];
const ZEROS: [Lanes; 4] = [Lanes::ZERO; 4];

/// Thirteen times eight digits. With the eight products of a lane that are made apart
/// where `b` begins or ends, 112: of products of digits of at most 4,300, a lane holds 116.
const HALVES_BETWEEN_CARRIES: usize = 2 * 13;

const DIGIT: [u32; 4] = [(1 << BITS) - 1; 4];
