import type { Job, PlanContext } from "./context.ts";
import { boot } from "./boot/index.ts";
import { configure } from "./configure/index.ts";
import { data } from "./data/index.ts";
import { encrypt } from "./encrypt/index.ts";
import { enroll } from "./enroll/index.ts";
import { keyslots } from "./keyslots/index.ts";
import { partition } from "./partition/index.ts";
import { recoveryKey } from "./recovery-key/index.ts";
import { tpm2 } from "./tpm2/index.ts";
import { verifyRoot } from "./verify-root/index.ts";
import { volumes } from "./volumes/index.ts";
import { writeRoot } from "./write-root/index.ts";

/** All jobs in the order in which they run. */
const jobs: readonly Job[] = [
  partition,
  encrypt,
  recoveryKey,
  volumes,
  writeRoot,
  verifyRoot,
  data,
  configure,
  tpm2,
  keyslots,
  boot,
  enroll,
];

/** The jobs that this installation needs, in order. */
export function jobsFor(ctx: PlanContext): Job[] {
  return jobs.filter((job) => job.wanted(ctx));
}
