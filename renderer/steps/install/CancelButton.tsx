import { useState, type JSX } from "react";
import { useT } from "../../i18n/index.ts";
import { call, useSnapshot } from "../../store.ts";
import { Button, Dialog, useAnnounce } from "../../ui/index.ts";

/** Cancels after saying what that leaves on the disk. */
export function CancelButton(): JSX.Element {
  const t = useT("install");
  const announce = useAnnounce();
  const leaves = useSnapshot(({ progress }) => progress?.cancelLeaves ?? "untouched");
  const [isOpen, setOpen] = useState(false);
  const [isRequested, setRequested] = useState(false);
  const cancel = (): void => {
    setOpen(false);
    setRequested(true);
    announce(t("cancel.requested"));
    // The installation may end in this very moment: then there is nothing left to cancel.
    void call("install/cancel", {}).catch(() => setRequested(false));
  };
  const actions = (
    <>
      <Button onPress={() => setOpen(false)}>{t("cancel.stay")}</Button>
      <Button variant="danger" onPress={cancel}>
        {t("cancel.confirm")}
      </Button>
    </>
  );
  return (
    <>
      <Button variant="quiet" isPending={isRequested} onPress={() => setOpen(true)}>
        {t("cancel.button")}
      </Button>
      <Dialog
        title={t("cancel.title")}
        role="alertdialog"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        actions={actions}
      >
        <p>{t(`cancel.${leaves}`)}</p>
      </Dialog>
    </>
  );
}
