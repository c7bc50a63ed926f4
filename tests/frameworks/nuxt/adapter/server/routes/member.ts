export default defineEventHandler(({ context }) => `Hello ${(context.session as unknown as { member_id: string }).member_id}`);
