// Statistics of measurements. Also runs inside the measured runtimes.

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

/** How far stytch-edge, measured twice, differs from itself: 0.05 for 5 %. */
export function noiseOf(found) {
  const ratio = medianRatio(found["once more"], found["stytch-edge"]);
  return Math.max(ratio, 1 / ratio) - 1;
}

/** Whether the noise is small enough for the results to count. */
export const isQuiet = (found) => noiseOf(found) <= PERMITTED_NOISE;

/** The number with three significant digits. */
export function shown(value) {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** 3 %. */
export const PERMITTED_NOISE = 0.03;
