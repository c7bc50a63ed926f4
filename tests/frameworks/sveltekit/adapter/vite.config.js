import adapter from "@sveltejs/adapter-node";
import { sveltekit } from "@sveltejs/kit/vite";

export default {
  plugins: [sveltekit({ adapter: adapter(), paths: { origin: process.env.ORIGIN }, experimental: { remoteFunctions: true } })],
  // The tests send other hosts, which Vite would refuse.
  server: { allowedHosts: true },
};
