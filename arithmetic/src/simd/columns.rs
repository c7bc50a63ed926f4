//! Sums of products, sixteen columns at a time. A verification spends most of its time here.
//!
//! Column `k` of a product is the sum of all `a_i * b_(k-i)`. `a` is a multiplier and `b` a
//! multiplicand (see `digits`). Code for four lanes is written out four times instead of in a
//! loop, so that the sums stay in registers.

use super::{
    digits::{BITS, Group, Half, Multiplicand, Pairs},
    lanes::Lanes,
};

/// Four columns: their low parts and their carries.
pub(super) type Column = (Lanes, Lanes);

/// The sixteen columns of `a * b` from column `16 * block`, added to `start`.
#[inline(always)]
pub(super) fn columns(
    start: [Column; 4],
    a: &[Pairs],
    b: &Multiplicand,
    block: usize,
) -> [Column; 4] {
    let mut start = start;
    let (a, b) = match (2 * block + 2).checked_sub(b.0.len()) {
        None => meet_below(&mut start, a, &b.0, block),
        Some(first) => meet_above(&mut start, a, &b.0, first),
    };
    with_all_products(start, a, b)
}

/// The same for a block in the lower half of the product.
#[inline(always)]
pub(super) fn lower_columns(a: &[Pairs], b: &Multiplicand, block: usize) -> [Column; 4] {
    let mut start = NOTHING;
    let (a, b) = meet_below(&mut start, a, &b.0, block);
    with_all_products(start, a, b)
}

/// The same for a block in the upper half of the product. Vectors of `a` below `first` do not
/// contribute to it.
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

/// Adds the products of the halves of `a` with the windows of `b`. Inlined although it is
/// long: this saves 5 % of the time of a verification and costs 0.6 KB.
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

/// The highest four columns of the lower half of a product, with their carries but without
/// the carries from lower columns.
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

/// Adds the products of eight digits of `a` with the window `b` to sixteen columns. `b` has
/// no vectors below the window.
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

/// Splits each sum into its low part and its carry.
#[inline(always)]
pub(super) fn cut(sum: Lanes) -> [Lanes; 2] {
    [sum.masked(DIGIT), sum.divided_down::<BITS>()]
}

/// Returns the halves of `a` and the windows of `b` whose products fall into a block of the
/// lower half. Adds the products with an incomplete window to `sums`.
#[inline(always)]
fn meet_below<'a, 'b>(
    sums: &mut [Column; 4],
    a: &'a [Pairs],
    b: &'b [Group],
    block: usize,
) -> (&'a [Half], &'b [[Lanes; 2]]) {
    if let (Some(digits), [.., b1, b0]) = (a.get(2 * block + 1), b) {
        add_lowest_products(sums, *digits, [b0, b1]);
    }
    // The first digits of `a` are multiplied with the eight digits of `b` from `16 * block`
    // and with the eight above.
    let a = a.get(..2 * block + 1).unwrap_or(a);
    let b = b.get(b.len().saturating_sub(2 * block + 3)..);
    (a.as_flattened(), b.unwrap_or_default().as_flattened())
}

/// The same for the upper half. Vectors of `a` below `first` do not contribute to it.
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

/// One loop for the halves of both parities. Its body is short enough for the registers of a
/// common processor. One counter indexes both slices in ascending order.
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

/// Adds the products of eight digits with the lowest digits of `b`, eight digits further
/// down. Only six of sixteen products are computed, because the others have a factor of zero.
#[inline(always)]
fn add_lowest_products(columns: &mut [Column; 4], a: Pairs, b: [&Group; 2]) {
    let [a0, a1, a2, a3] = all(a);
    let [[[_, b6], [_, b7]], [[b8, _], [b9, _]]] = b;
    let [_, _, (s2, _), (s3, _)] = columns;
    *s2 = s2.plus(a0.dot(*b6)).plus(a1.dot(*b7));
    *s3 = with_products(*s3, [a0, a1, a2, a3], [*b8, *b9, *b6, *b7]);
}

/// The same for the highest digits of `b`.
#[inline(always)]
fn add_highest_products(columns: &mut [Column; 4], a: Pairs, b: &Group) {
    let [a0, a1, a2, a3] = all(a);
    let [[b0, b2], [b1, b3]] = b;
    let [(s0, _), (s1, _), ..] = columns;
    *s1 = s1.plus(a2.dot(*b2)).plus(a3.dot(*b3));
    *s0 = with_products(*s0, [a0, a1, a2, a3], [*b2, *b3, *b0, *b1]);
}

/// Copies each pair of digits into all four lanes, starting with the lowest pair.
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

/// 13 times eight digits, which is 104 products per lane. With the eight products that are
/// computed separately at the ends of `b`, a lane sums 112. A lane can hold 116 products of
/// digits up to 4,300.
const HALVES_BETWEEN_CARRIES: usize = 2 * 13;

const DIGIT: [u32; 4] = [(1 << BITS) - 1; 4];
