import { ActionError, defineAction } from "astro:actions";

export const server = {
  whoami: defineAction({
    accept: "form",
    handler: (_form, { locals: { session } }) => {
      if (!session) throw new ActionError({ code: "UNAUTHORIZED" });
      return session.user_id;
    },
  }),
};
