// CommonJS gets the same types.

import { createEmulator, type Emulator } from "stytch-emulator";

export const started: Promise<Emulator> = createEmulator({ seed: "a" });
