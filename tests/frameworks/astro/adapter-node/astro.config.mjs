import node from "@astrojs/node";

// `allowedHosts` is for the development server, to which a check sends another `Host`.
export default { output: "server", adapter: node({ mode: "standalone" }), security: { allowedDomains: [{ hostname: "app.example.com", protocol: "https" }] }, server: { allowedHosts: true }, devToolbar: { enabled: false } };
