import { sessionOf } from "../session";

export default defineEventHandler(async (event) => {
  if (event.path.startsWith("/account")) event.context.session = await sessionOf(event);
});
