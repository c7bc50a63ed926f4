export default defineEventHandler(({ context: { session, verdict } }) => `Hello ${session?.user_id} ${verdict.status === "authenticated"}`);
