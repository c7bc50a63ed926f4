import { reactRouter } from "@react-router/dev/vite";

export default {
  plugins: [reactRouter()],
  // The tests send other hosts, which Vite would refuse.
  server: { allowedHosts: true },
};
