export default defineEventHandler(({ context }) => ({ by: context.session?.user_id ?? null }));
