import { GiB, MiB } from "./product.ts";

/** Bytes of memory for Argon2id, see docs/decisions/0005-argon2id-passes.md. */
export const ARGON2_MEMORY = { least: 256 * MiB, most: GiB } as const;
