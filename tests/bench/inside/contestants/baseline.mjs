// The baseline: the cost of a request without a check.

/** Returns a check that does nothing. */
export const fetched = () => Object.assign(async () => "unchecked", { ofRequest: () => "unchecked" });

/** The same. */
export const given = fetched;
