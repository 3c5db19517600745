import { useState, type JSX } from "react";
import type { ParamsOf } from "../../app/rpc/methods.ts";
import type { Phase } from "../../app/wizard/snapshot.ts";
import { asCallError } from "../call-error.ts";
import { useT } from "../i18n/index.ts";
import { call, useSnapshot } from "../store.ts";
import { Button, Callout, Dialog } from "../ui/index.ts";

type Action = Exclude<ParamsOf<"power/act">["action"], "firmware">;
type Consequence = "lead" | "planning" | "busy" | "after" | "failed";

/** What switching off now would mean. */
export function consequenceOf(phase: Phase): Consequence {
  switch (phase) {
    case "installing":
    case "undoing":
      return "busy";
    case "planning":
      return "planning";
    case "installed":
      return "after";
    case "failed":
      return "failed";
    case "loading":
    case "choosing":
    case "reviewing":
      return "lead";
  }
}

interface DialogState {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Restart and shut down, said again before it happens. */
export function PowerDialog({ isOpen, onClose }: DialogState): JSX.Element {
  const t = useT("common");
  const phase = useSnapshot((snapshot) => snapshot.phase);
  const [acting, setActing] = useState<Action | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const consequence = consequenceOf(phase);
  const isPossible = consequence !== "busy" && consequence !== "planning";
  const act = async (action: Action): Promise<void> => {
    setActing(action);
    setProblem(null);
    try {
      await call("power/act", { action });
    } catch (thrown) {
      setActing(null);
      setProblem(asCallError(thrown).message);
    }
  };
  const button = (action: Action, label: string): JSX.Element => (
    <Button
      isDisabled={acting !== null && acting !== action}
      isPending={acting === action}
      onPress={() => void act(action)}
    >
      {label}
    </Button>
  );
  return (
    <Dialog
      role="alertdialog"
      title={t(consequence === "lead" ? "power.title" : "header.power")}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          {isPossible ? button("poweroff", t("power.shutDown")) : null}
          {isPossible ? button("reboot", t("power.restart")) : null}
          <Button variant="primary" onPress={onClose}>
            {t("power.stay")}
          </Button>
        </>
      }
    >
      <p>{t(`power.${consequence}`)}</p>
      {problem === null ? null : (
        <Callout tone="danger" title={t("failed")} announce="assertive">
          {t("power.refused", { message: problem })}
        </Callout>
      )}
    </Dialog>
  );
}
