import { useState } from "react";
import type { ParamsOf } from "../../../app/rpc/methods.ts";
import type { CheckFix } from "../../../app/wizard/check.ts";
import { asCallError } from "../../call-error.ts";
import { useT } from "../../i18n/index.ts";
import { call, update } from "../../store.ts";
import { useAnnounce } from "../../ui/index.ts";

/** Fixes that end the session or destroy something: asked once more. */
export const confirmedFixes = ["firmware-setup", "clear-tpm", "power-off"] as const satisfies readonly CheckFix[];
export type ConfirmedFix = (typeof confirmedFixes)[number];

/** What came of the wish to clear the TPM. */
export type Cleared = "restart-needed" | "not-offered";

/** What the dialog asks or tells; null while there is none. */
export type Asked =
  { readonly kind: "confirm"; readonly fix: ConfirmedFix } | { readonly kind: "cleared"; readonly result: Cleared };

export interface Fixes {
  readonly asked: Asked | null;
  readonly close: () => void;
  /** The fix that is under way. */
  readonly busy: CheckFix | null;
  /** Why the last one was refused. */
  readonly problem: string | null;
  readonly begin: (fix: CheckFix) => void;
  /** Agrees to what was asked. */
  readonly agree: () => void;
}

async function act(action: ParamsOf<"power/act">["action"]): Promise<void> {
  await call("power/act", { action });
}

const isConfirmed = (fix: CheckFix): fix is ConfirmedFix => confirmedFixes.some((each) => each === fix);

/** Carries out the ways out of problems; those that can not be taken back are asked for once more. */
export function useFixes(): Fixes {
  const t = useT("check");
  const announce = useAnnounce();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState<CheckFix | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const run = async (fix: CheckFix, action: () => Promise<void>): Promise<void> => {
    setBusy(fix);
    setProblem(null);
    try {
      await action();
    } catch (thrown) {
      setAsked(null);
      setProblem(asCallError(thrown).message);
    } finally {
      setBusy(null);
    }
  };
  const actions: Readonly<Record<CheckFix, () => Promise<void>>> = {
    "look-again": async () => {
      await call("machine/probe", {});
      announce(t("lookedAgain"));
    },
    "passphrase-only": async () => {
      await update({ unlock: "off" });
      announce(t("passphraseOnly.done"));
    },
    "firmware-setup": () => act("firmware"),
    "power-off": () => act("poweroff"),
    "clear-tpm": async () => setAsked({ kind: "cleared", result: await call("tpm/clear", {}) }),
  };
  const begin = (fix: CheckFix): void => {
    if (isConfirmed(fix)) setAsked({ kind: "confirm", fix });
    else void run(fix, actions[fix]);
  };
  const agree = (): void => {
    if (asked === null) return;
    if (asked.kind === "confirm") void run(asked.fix, actions[asked.fix]);
    else if (asked.result === "not-offered") void run("firmware-setup", actions["firmware-setup"]);
    else void run("clear-tpm", () => act("reboot"));
  };
  return { asked, close: () => setAsked(null), busy, problem, begin, agree };
}
