import type { PageServerLoad } from "./$types";

export const prerender = true;

export const load: PageServerLoad = ({ locals }) => ({ is_public: locals.session === null });
