export default defineEventHandler(({ context }) => `Hello ${context.session?.user_id}`);
