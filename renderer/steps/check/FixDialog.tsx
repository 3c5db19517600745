import type { JSX } from "react";
import { useT } from "../../i18n/index.ts";
import { Button, Dialog } from "../../ui/index.ts";
import type { Asked, Fixes } from "./use-fixes.ts";

const textKey = (asked: Asked) =>
  asked.kind === "confirm" ? (`confirm.${asked.fix}` as const) : (`cleared.${asked.result}` as const);

/** Asks before something that can not be taken back, and tells what came of it. */
export function FixDialog({ asked, close, busy, agree }: Fixes): JSX.Element | null {
  const t = useT("check");
  if (asked === null) return null;
  const key = textKey(asked);
  const title = t(`${key}.title`);
  const actions = (
    <>
      <Button onPress={close}>{t("common:cancel")}</Button>
      <Button variant={key === "confirm.clear-tpm" ? "danger" : "primary"} isPending={busy !== null} onPress={agree}>
        {t(`${key}.action`)}
      </Button>
    </>
  );
  return (
    <Dialog role="alertdialog" title={title} isOpen onClose={close} actions={actions}>
      <p>{t(`${key}.text`)}</p>
    </Dialog>
  );
}
