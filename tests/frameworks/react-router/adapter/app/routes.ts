// The routes of tests/frameworks/adapter-checks.mjs and tests/frameworks/log-in-checks.mjs with `stytch-edge/react-router`.

import { layout, route, type RouteConfig } from "@react-router/dev/routes";

export default [
  layout("guarded.tsx", [
    route("account", "routes/account.tsx"),
    route("nested/me", "routes/nested.tsx"),
    route("redirect", "routes/redirect.tsx"),
    route("error", "routes/error.tsx"),
    route("missing", "routes/missing.tsx"),
    route("static", "routes/static.tsx"),
    route("stream", "routes/stream.ts"),
    route("own-cookie", "routes/own-cookie.ts"),
    route("logout", "routes/logout.ts"),
    route("actions", "routes/actions.tsx"),
  ]),
  layout("optional.tsx", [route("public", "routes/public.tsx"), route("twice", "routes/twice.tsx"), route("about", "routes/about.tsx")]),
  route("start", "routes/start.tsx"),
  route("admin", "routes/admin.tsx"),
  route("outage", "routes/outage.tsx"),
  route("refused", "routes/refused.tsx"),
  route("member", "routes/member.ts"),
  route("login", "routes/login.tsx"),
  route("auth/*", "routes/auth.ts"),
  route("confirm/*", "routes/confirm.ts"),
  route("down/*", "routes/down.ts"),
  route("b2b/*", "routes/b2b.ts"),
] satisfies RouteConfig;
