// The methods of a project's clients in addition to those of the API, which are generated.

import type { CallOptions, JwkSet } from "./config.js";
import type { Core } from "./core.js";
import type { Finding } from "./findings.js";
import { finishLogin, handleCallback, isSameOrigin, loginFailure, logOut, pendingLogin, resetPassword, startLogin } from "./log_in.js";
import type * as logIn from "./log_in_types.js";
import type { RequestLike } from "./request_headers.js";
import { authenticateKinds, authenticateRequest, clearSessionHeaders, sessionHeaders } from "./requests.js";
import type { BegunSession, CookieOptions, KindsOf, KindsOptions, KindVerdict, MemberVerdict, SessionRequests } from "./verdicts.js";

/** The options and results of log-ins for the verdict of a client. */
type StartOptions<Verdict> = MemberVerdict extends Verdict ? logIn.B2BStartLoginOptions : logIn.StartLoginOptions;
type Login<Verdict> = MemberVerdict extends Verdict ? logIn.MemberLogin : logIn.UserLogin;

/** The methods of both clients in addition to those of the API. */
export class ProjectClient<Options, Verdict, Kinds extends KindsOf>
  implements SessionRequests<Options, Verdict, Kinds>, logIn.LoginRoundTrips<StartOptions<Verdict>, Login<Verdict>>
{
  readonly #core: Core;

  /** @internal */
  constructor(core: Core) {
    this.#core = core;
  }

  /**
   * Fetches the project's key set unless there is a fresh one or the keys were given, so that checks need no
   * network, and in a browser also the wasm.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be fetched.
   */
  loadKeys(options?: CallOptions): Promise<void> {
    return this.#core.loadKeys(options);
  }

  /**
   * Fetches the project's policy, and that of an organization if one is named, unless
   * there are fresh ones, so that permissions are decided without network, for instance
   * by `rbac.can`.
   * @throws {@link StytchError} when the API refuses this client's credentials.
   * @throws {@link RequestError} when no usable policy arrives in time.
   */
  loadPolicies(params?: CallOptions & { organization_id?: string | undefined }): Promise<void> {
    return this.#core.loadPolicies(params);
  }

  /**
   * The project's key set as the API returned it. Fetches it if it is not available. Another client accepts it
   * as `jwks`.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be fetched.
   */
  exportKeys(options?: CallOptions): Promise<JwkSet> {
    return this.#core.exportKeys(options);
  }

  /**
   * Forgets the keys, policies, remembered tokens and M2M tokens that this client uses: its own with
   * `isolated: true`, else the state that all clients of the project share in this isolate. Meant for tests. Responses to
   * requests in flight are still stored.
   */
  reset(): void {
    this.#core.reset();
  }

  /**
   * Checks the credentials, the key set, the clock of this host, the project and the cookies. Returns one finding for each
   * check. Its `severity` is `ok` if the check finds no problem. Sends two requests and uses no cache. A failed request is a finding, not an error.
   *
   * ```ts
   * const errors = (await client.doctor()).filter(({ severity }) => severity === "error");
   * ```
   * @throws {@link ClientError} `invalid_argument` for invalid options.
   */
  doctor(options?: CallOptions): Promise<Finding[]> {
    return this.#core.flow((wasm, client, host) => wasm.doctor(client, host), options);
  }

  authenticateRequest<Kind extends keyof KindsOf>(request: RequestLike, options: KindsOptions<Kinds, Kind>): Promise<KindVerdict<Kinds, Kind>>;
  authenticateRequest(request: RequestLike, options?: Options): Promise<Verdict>;
  authenticateRequest(request: RequestLike, options?: any): Promise<any> {
    return authenticateRequest(this.#core, request, options, authenticateKinds);
  }

  sessionHeaders(result: BegunSession, options?: { cookies?: CookieOptions | undefined }): Headers {
    return sessionHeaders(this.#core, result, options);
  }

  clearSessionHeaders(options?: { cookies?: CookieOptions | undefined }): Headers {
    return clearSessionHeaders(this.#core, options);
  }

  startLogin(request: logIn.LoginRequest, options: StartOptions<Verdict>): logIn.StartedLogin {
    return startLogin(this.#core, request, options);
  }

  handleCallback(request: logIn.LoginRequest, options?: logIn.CallbackOptions): Promise<Login<Verdict>> {
    return handleCallback(this.#core, request, options);
  }

  resetPassword(request: logIn.LoginRequest, options: logIn.ResetPasswordOptions): Promise<Login<Verdict>> {
    return resetPassword(this.#core, request, options);
  }

  pendingLogin(request: logIn.LoginRequest, options?: { cookies?: CookieOptions | undefined }): logIn.PendingLogin {
    return pendingLogin(this.#core, request, options);
  }

  isSameOrigin(request: logIn.LoginRequest): boolean {
    return isSameOrigin(this.#core, request);
  }

  finishLogin(request: logIn.LoginRequest, result: BegunSession, options?: { pages?: logIn.LoginPages | undefined; cookies?: CookieOptions | undefined }): Login<Verdict> {
    return finishLogin(this.#core, request, result, options);
  }

  /**
   * What a failed request says about a log-in, for `logInRoutes`.
   * @internal
   */
  loginFailure(purpose: string, http_status: number, word: string): ReturnType<typeof loginFailure> {
    return loginFailure(this.#core, purpose, http_status, word);
  }

  logOut(request: logIn.LoginRequest, options?: logIn.LogOutOptions): Promise<logIn.LoggedOut> {
    return logOut(this.#core, request, options);
  }
}
