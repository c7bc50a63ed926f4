// The baseline: the cost of a request without a check.

/** Returns a check that does nothing. */
export default () => async () => "unchecked";
