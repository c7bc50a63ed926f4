export default defineEventHandler(({ context }) => `Name of ${context.session?.user_id}`);
