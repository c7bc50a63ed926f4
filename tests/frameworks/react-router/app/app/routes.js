import { route } from "@react-router/dev/routes";

export default [
  route("api/me", "routes/me.js"),
  route("account", "routes/account.jsx"),
  route("verify/:project_id", "routes/verify.jsx"),
];
