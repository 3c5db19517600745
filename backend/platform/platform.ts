import type { AnswerFile, Answers } from "../../app/answers/schema.ts";
import type { InstallEvent } from "../../app/events.ts";
import type { Facts } from "../../app/facts.ts";
import type { ResultOf, ParamsOf } from "../../app/rpc/methods.ts";
import type { Secret } from "../../app/secret.ts";
import type { Catalogue } from "../../app/wizard/catalogue.ts";
import type { NetworkState } from "../../app/wizard/network.ts";
import type { LayoutSizes, SaveMedium, UnlockCost } from "../../app/wizard/snapshot.ts";
import type { EngineResult } from "../machine/engine.ts";
import type { GivenSecrets } from "../machine/secrets.ts";

/** A file for a removable medium. */
export interface FileToSave {
  /** Suggested name; where it is taken a number is put behind it. */
  readonly name: string;
  readonly content: Secret | string | Uint8Array;
}

/** One installation: it plans at once, then waits in front of the first write for `start`. */
export interface Installation {
  start(): void;
  cancel(): void;
  readonly result: Promise<EngineResult>;
}

export interface Networks {
  state(): Promise<NetworkState>;
  /** @returns a function that ends the watch */
  watch(changed: () => void): () => void;
  scan(): Promise<void>;
  connect(
    to: Omit<ParamsOf<"network/connect">, "password"> & { readonly password: Secret | null },
  ): Promise<ResultOf<"network/connect">>;
  disconnect(): Promise<void>;
}

/** The computer as the wizard's session sees it: the real one, or a recorded one in the dry run. */
export interface Platform {
  readonly dryRun: boolean;
  /** Version of the release that will be installed. */
  release(): Promise<string>;
  probe(): Promise<Facts>;
  catalogue(): Promise<Catalogue>;
  layout(): Promise<LayoutSizes>;
  /** Measures Argon2id (seconds) with the parameters that `facts` lead to. */
  unlockCost(facts: Facts): Promise<UnlockCost>;
  /** Tells when disks or media come or go. @returns a function that ends the watch */
  watchDisks(changed: () => void): () => void;
  identify(disk: string): Promise<boolean>;
  /** Where files can be saved, of the disks that were found. */
  media(facts: Facts): SaveMedium[];
  /**
   * Writes files to one of {@link Platform.media}, whole and synced or not at all.
   * @returns the names they were given
   * @throws {InstallError} `disk-io` or `disk-not-found`
   */
  save(medium: string, files: readonly FileToSave[]): Promise<string[]>;
  readonly networks: Networks;
  /** A crypt(5) hash for the first user. */
  hashPassword(password: Secret): Promise<string>;
  clearTpm(): Promise<ResultOf<"tpm/clear">>;
  power(action: ParamsOf<"power/act">["action"]): Promise<void>;
  /** The answer file on an answer medium, to begin with; null where there is none. */
  prefill(): Promise<AnswerFile | null>;
  install(answers: Answers, secrets: GivenSecrets, onEvent: (event: InstallEvent) => void): Installation;
}
