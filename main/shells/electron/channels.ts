/** From the page to the shell: a call of `bridge/wire.ts`. */
export const CALL = "silver:call";
/** From the shell to the page: a snapshot. */
export const TEXT = "silver:text";
