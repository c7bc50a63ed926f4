// The variables of the Worker.
declare namespace Cloudflare {
  interface Env {
    /** The origin of the app, such as `https://app.example.com`. The links of e-mails lead to it. */
    ORIGIN: string;
    STYTCH_PROJECT_ID: string;
    STYTCH_SECRET: string;
    /** Not a secret. OAuth starts with it. */
    STYTCH_PUBLIC_TOKEN: string;
    /** Only for tests: the URL of the emulated API. */
    STYTCH_BASE_URL?: string;
  }
}
