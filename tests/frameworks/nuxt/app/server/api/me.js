import { sessionOf } from "../session";

export default defineEventHandler(async (event) => {
  const { user_id } = await sessionOf(event);
  return { user_id };
});
