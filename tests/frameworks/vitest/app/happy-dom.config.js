export default {
  test: {
    environment: "happy-dom",
    environmentOptions: {
      // happy-dom's fetch applies the same-origin policy of a page, and the API has no CORS headers.
      happyDOM: { settings: { fetch: { disableSameOriginPolicy: true } } },
    },
  },
};
