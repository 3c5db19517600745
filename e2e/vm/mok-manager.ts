import type { Machine } from "./machine.ts";

/** Seconds under KVM from what MokManager prints to the moment it reads keys. */
const READS_KEYS = 0.3;

export interface MokManagerOptions {
  readonly limit: (seconds: number) => number;
  /** Called at each screen, before it is answered, with a short name for it. */
  readonly onScreen?: (name: string) => Promise<void>;
}

/** A person at the blue screens of shim's MokManager, who reads them off the firmware's serial console. */
export class MokManager {
  readonly #machine: Machine;
  readonly #options: MokManagerOptions;

  constructor(machine: Machine, options: MokManagerOptions) {
    this.#machine = machine;
    this.#options = options;
  }

  async #see(name: string, text: RegExp, seconds = 30): Promise<void> {
    const { limit, onScreen } = this.#options;
    await this.#machine.serial.waitFor(text, limit(seconds));
    await new Promise((resolve) => setTimeout(resolve, limit(READS_KEYS)));
    await onScreen?.(name);
  }

  /** Waits until the menu of the requests is shown, without any key pressed. */
  async open(): Promise<void> {
    await this.#see("menu", /Perform MOK management/, 90);
    await this.#machine.serial.waitFor(/Enroll MOK/, this.#options.limit(10));
  }

  /** Leaves the menu by its first entry, "Continue boot", which drops the request. */
  async leave(): Promise<void> {
    await this.#machine.qmp.press("ret");
  }

  /** Enrolls the requested key and restarts the machine. @throws {Error} when a screen is another one than expected */
  async enroll(password: string): Promise<void> {
    const { qmp } = this.#machine;
    await qmp.press("down");
    await qmp.press("ret");
    await this.#see("keys", /View key 0/);
    await qmp.press("down");
    await qmp.press("ret");
    await this.#see("question", /Enroll the key\(s\)\?/);
    await qmp.press("down");
    await qmp.press("ret");
    await this.#see("password", /Password:/);
    await qmp.type(`${password}\n`);
    await this.#see("finished", /Perform MOK management/);
    await qmp.press("ret");
  }
}
