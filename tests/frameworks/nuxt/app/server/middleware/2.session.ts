import { authenticated } from "stytch-edge/nuxt";
import { client } from "../session";

const guard = authenticated(client);
const open = authenticated(client, { optional: true });

export default defineEventHandler((event) => {
  if (import.meta.prerender) return;
  return event.path.startsWith("/api/private") ? guard(event) : open(event);
});
