/** What `bitaqa-web.js` gives to `bitaqa-web-documents.js`: with it one error class and one visit. */
export { BitaqaError } from "./error.ts";
export { exchange } from "./exchange.ts";
