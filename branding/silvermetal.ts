export { brand } from "./silvermetal/brand.ts";
