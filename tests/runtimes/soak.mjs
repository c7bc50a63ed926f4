// The shortest soak, of both runtimes at the same time: about a minute. `cargo xtask soak` runs it for minutes.

import "../soak/main.mjs";
