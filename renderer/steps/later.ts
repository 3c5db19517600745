import type { ComponentType } from "react";
import type { StepId } from "../../app/wizard/steps.ts";
import { Step as Account } from "./account/Step.tsx";
import { Step as Check } from "./check/Step.tsx";
import { Step as Disk } from "./disk/Step.tsx";
import { Step as Done } from "./done/Step.tsx";
import { Step as Encryption } from "./encryption/Step.tsx";
import { Step as Failure } from "./failure/Step.tsx";
import { Step as Install } from "./install/Step.tsx";
import { Step as Keyboard } from "./keyboard/Step.tsx";
import { Step as Network } from "./network/Step.tsx";
import { Step as RecoveryKey } from "./recovery-key/Step.tsx";
import { Step as Review } from "./review/Step.tsx";

/** The screen of each step but the first, in one chunk of their own. */
export const laterScreens: Record<Exclude<StepId, "welcome">, ComponentType> = {
  keyboard: Keyboard,
  check: Check,
  network: Network,
  disk: Disk,
  encryption: Encryption,
  "recovery-key": RecoveryKey,
  account: Account,
  review: Review,
  install: Install,
  failure: Failure,
  done: Done,
};
