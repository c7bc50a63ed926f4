export default defineEventHandler(({ context: { session, verdict } }) => {
  if (verdict.status === "unavailable") throw createError({ status: 503 });
  return { user_id: session?.user_id ?? null };
});
