// Statistics of measurements.

/** The median. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the ratios of `others` to `ones`, one ratio per round. */
export function medianRatio(others, ones) {
  return median(others.map((other, round) => other / ones[round]));
}
