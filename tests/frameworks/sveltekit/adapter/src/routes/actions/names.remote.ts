import { command, getRequestEvent, query } from "$app/server";

const name = (what: string) => `${what} of ${getRequestEvent().locals.session?.user_id}`;

export const nameOf = query(() => name("query"));
export const rename = command(() => name("command"));
