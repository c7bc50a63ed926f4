// What many numbers come to.

/** The middle one. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of what `others` are to `ones`, each compared within its own round. */
export function medianRatio(others, ones) {
  return median(others.map((other, round) => other / ones[round]));
}
