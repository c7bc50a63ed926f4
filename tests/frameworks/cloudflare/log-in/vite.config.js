import { cloudflare } from "@cloudflare/vite-plugin";

// A check sends this `Host`, which Vite would refuse.
export default { server: { allowedHosts: ["evil.example"] }, plugins: [cloudflare()] };
