import type { Client } from "stytch-edge";
import type { OptionalSessionContext } from "stytch-edge/nuxt";

declare module "h3" {
  interface H3EventContext extends OptionalSessionContext<Client> {}
}
