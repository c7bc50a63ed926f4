// The same page below a path that the proxy guards.
export { default } from "../actions/page";
