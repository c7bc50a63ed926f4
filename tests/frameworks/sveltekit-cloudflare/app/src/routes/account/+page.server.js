export const load = ({ locals }) => ({ user_id: locals.session.user_id });
