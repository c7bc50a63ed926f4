// Tests that a runtime cannot have, each with the reason. Nothing else is left out.

export const EXCLUSIONS = [];
