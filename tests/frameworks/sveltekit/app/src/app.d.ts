import type { Client } from "stytch-edge";
import type { SessionLocals } from "stytch-edge/sveltekit";

declare global {
  namespace App {
    interface Locals extends SessionLocals<Client> {}
  }
}
