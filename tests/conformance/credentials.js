// Requests with the credentials of a session. In a page, `Headers` can contain cookies and a Request cannot.

/** A request with these headers. */
export const withHeaders = (headers) => ({ headers: new Headers(headers) });

/** A request with a Bearer credential. */
export const bearer = (token) => withHeaders({ Authorization: `Bearer ${token}` });

/** A request with this `Cookie` header. */
export const cookies = (cookie) => withHeaders({ Cookie: cookie });

/** A request with both cookies of a log-in. */
export const both = ({ session_jwt, session_token }) =>
  cookies(`a=b; stytch_session=${session_token}; stytch_session_jwt=${session_jwt}`);
