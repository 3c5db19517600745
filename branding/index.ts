/** The brand that is built. A re-brand changes this line and adds a folder beside `silvermetal/`. */
export { brand } from "./silvermetal/brand.ts";
