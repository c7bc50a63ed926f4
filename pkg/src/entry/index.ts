// `stytch-edge` in one runtime: `#boot` is the file of boot/ that the build chooses.

import "#boot";

export * from "../index.js";
export { default } from "../index.js";
