import { route } from "@react-router/dev/routes";

export default [
  route("api/me", "routes/me.ts"),
  route("auth/*", "routes/auth.ts"),
  route("account", "routes/account.tsx"),
  route("verify/:project_id", "routes/verify.jsx"),
];
