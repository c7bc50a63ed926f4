import { Link } from "react-router";

export default function Start() {
  return (
    <>
      <main>start</main>
      <Link to="/account?tab=1">Account</Link>
      <Link to="/static">Static</Link>
      <Link to="/refused">Refused</Link>
    </>
  );
}
