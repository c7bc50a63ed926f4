import type { Actions, PageServerLoad } from "./$types";

export const load: PageServerLoad = ({ cookies, locals }) => ({ user_id: locals.session?.user_id, theme: cookies.get("theme") ?? "no theme" });

export const actions: Actions = {
  dark: ({ cookies, locals }) => {
    cookies.set("theme", "dark", { path: "/" });
    return { by: locals.session?.user_id };
  },
};
