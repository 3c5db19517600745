import type account from "./en/account.json";
import type check from "./en/check.json";
import type common from "./en/common.json";
import type disk from "./en/disk.json";
import type done from "./en/done.json";
import type encryption from "./en/encryption.json";
import type errors from "./en/errors.json";
import type failure from "./en/failure.json";
import type install from "./en/install.json";
import type keyboard from "./en/keyboard.json";
import type network from "./en/network.json";
import type recoveryKey from "./en/recovery-key.json";
import type review from "./en/review.json";
import type saving from "./en/saving.json";
import type welcome from "./en/welcome.json";

/** Namespaces and their keys, from the English texts: a key that does not exist does not compile. */
export interface Resources {
  /** The brand's own words: `branding/<id>/texts/`. */
  brand: { slides: Record<string, { title: string; text: string }> };
  account: typeof account;
  check: typeof check;
  common: typeof common;
  disk: typeof disk;
  done: typeof done;
  encryption: typeof encryption;
  errors: typeof errors;
  failure: typeof failure;
  install: typeof install;
  keyboard: typeof keyboard;
  network: typeof network;
  "recovery-key": typeof recoveryKey;
  review: typeof review;
  saving: typeof saving;
  welcome: typeof welcome;
}

export type Namespace = keyof Resources;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: Resources;
  }
}
