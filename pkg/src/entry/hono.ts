// `stytch-edge/hono` in one runtime: `#boot` is the file of boot/ that the build chooses.

import "#boot";

export * from "../hono.js";
