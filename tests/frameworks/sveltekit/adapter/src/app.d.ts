import type { Client } from "stytch-edge";
import type { OptionalSessionLocals } from "stytch-edge/sveltekit";

declare global {
  namespace App {
    interface Locals extends OptionalSessionLocals<Client> {}
  }
}

export {};
