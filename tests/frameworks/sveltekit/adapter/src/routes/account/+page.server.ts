import type { PageServerLoad } from "./$types";

// Two requests to the own app, at the same time.
export const load: PageServerLoad = async ({ fetch, locals }) => {
  const own = await Promise.all([0, 1].map(async () => (await fetch("/api/me")).text()));
  return { user_id: locals.session?.user_id, is_user: own.every((user_id) => user_id === locals.session?.user_id) };
};
