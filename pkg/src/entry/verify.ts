// `stytch-edge/verify` in one runtime: `#boot` is the file of boot/ that the build chooses.

import "#boot";

export * from "../verify.js";
