// A Worker with one contestant, which checks the token of the request.

/** The Worker's handlers. */
export const startWorker = (make) => ({
  async fetch(request) {
    const { server, token } = await request.json();
    return new Response(await make(server)(token));
  },
});
