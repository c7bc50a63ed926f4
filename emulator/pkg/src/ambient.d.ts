// Modules that build.mjs provides.

declare module "wasm-as-base64" {
  const base64: string;
  export default base64;
}

declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "package-version" {
  export const version: string;
}
