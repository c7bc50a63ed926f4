import type { PageServerLoad } from "./$types";

export const load: PageServerLoad = ({ locals }) => ({ user_id: locals.session.user_id });
