//! plain lanes

#[derive(Debug, Clone, Copy)]
pub(super) struct Floats([f64; 2]);
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums([i64; 2]);

impl Floats {
    pub(super) const ZERO: Self = Self([0.0; 2]);
    pub(super) fn new(l: [f64; 2]) -> Self { Self(l) }
    pub(super) fn all(lane: f64) -> Self { Self([lane; 2]) }
    pub(super) fn lanes(self) -> [f64; 2] { self.0 }
    pub(super) fn plus(self, o: Self) -> Self { Self([self.0[0] + o.0[0], self.0[1] + o.0[1]]) }
    pub(super) fn minus(self, o: Self) -> Self { Self([self.0[0] - o.0[0], self.0[1] - o.0[1]]) }
    pub(super) fn times(self, o: Self) -> Self { Self([self.0[0] * o.0[0], self.0[1] * o.0[1]]) }
    pub(super) fn times_plus(self, o: Self, s: Self) -> Self {
        Self([self.0[0].mul_add(o.0[0], s.0[0]), self.0[1].mul_add(o.0[1], s.0[1])])
    }
    pub(super) fn moved_up(self, b: Self) -> Self { Self([b.0[1], self.0[0]]) }
    pub(super) fn bits(self) -> Sums { Sums(self.0.map(|f| f.to_bits() as i64)) }
}
impl Sums {
    pub(super) fn all(lane: i64) -> Self { Self([lane; 2]) }
    pub(super) fn plus(self, o: Self) -> Self { Self([self.0[0].wrapping_add(o.0[0]), self.0[1].wrapping_add(o.0[1])]) }
    pub(super) fn masked(self, m: i64) -> Self { Self(self.0.map(|l| l & m)) }
    pub(super) fn shifted<const B: u32>(self) -> Self { Self(self.0.map(|l| ((l as u64) >> B) as i64)) }
    pub(super) fn moved_up(self, b: Self) -> Self { Self([b.0[1], self.0[0]]) }
    pub(super) fn floats(self) -> Floats { Floats(self.0.map(|l| f64::from_bits(l as u64))) }
}
