import type { Client } from "stytch-edge";
import type { OptionalSessionLocals } from "stytch-edge/astro";

declare global {
  namespace App {
    interface Locals extends OptionalSessionLocals<Client> {}
  }
}
