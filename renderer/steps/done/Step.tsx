import type { JSX, ReactNode } from "react";
import { displayText } from "../../../app/wizard/display-text.ts";
import { useT } from "../../i18n/index.ts";
import { SaveTo } from "../../parts/SaveTo.tsx";
import { useCalls } from "../../parts/useCalls.ts";
import { useKeyboard } from "../../keyboard/useKeyboard.ts";
import { call, useSnapshot } from "../../store.ts";
import { Button, Callout, StepFrame } from "../../ui/index.ts";
import { MokGuide } from "./MokGuide.tsx";
import { LoginPicture, PromptPicture, StickPicture } from "./pictures.tsx";
import styles from "./Step.module.css";
import { unlockAtBoot } from "./unlock.ts";

interface SceneProps {
  readonly picture: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
}

function Scene({ picture, title, children }: SceneProps): JSX.Element {
  return (
    <li className={styles.scene}>
      {picture}
      <div>
        <h2 className={styles.title}>{title}</h2>
        <p className={styles.text}>{children}</p>
      </div>
    </li>
  );
}

function Scenes(): JSX.Element {
  const t = useT("done");
  const { boot: layout } = useKeyboard();
  const { unlock, user, later } = useSnapshot((snapshot) => ({
    unlock: unlockAtBoot(snapshot),
    user: snapshot.choices.userName,
    later: snapshot.choices.passwordLater,
  }));
  const atBoot = { title: t(`boot.${unlock}.title`), text: t(`boot.${unlock}.text`, { layout }) };
  return (
    <ol className={styles.scenes}>
      <Scene picture={<StickPicture label={t("pictures.stick")} />} title={t("stick.title")}>
        {t("stick.text")}
      </Scene>
      <Scene picture={<PromptPicture label={t("pictures.prompt")} />} title={atBoot.title}>
        {atBoot.text}
      </Scene>
      <Scene picture={<LoginPicture label={t("pictures.login")} />} title={t("login.title")}>
        {t(later ? "login.later" : "login.text", { user: displayText(user) })}
      </Scene>
    </ol>
  );
}

/** Notes that depend on the computer and on how the installation went. */
function Notes({ onFirmware }: { readonly onFirmware: () => void }): JSX.Element {
  const t = useT("done");
  const { secureBoot, tpmFailed } = useSnapshot((snapshot) => ({
    secureBoot: snapshot.facts?.firmware.secureBoot ?? "enabled",
    tpmFailed: snapshot.choices.unlock !== "off" && unlockAtBoot(snapshot) === "passphrase",
  }));
  return (
    <>
      {secureBoot === "enabled" ? null : (
        <Callout
          tone="warning"
          title={t("secureBootOff.title")}
          actions={<Button onPress={onFirmware}>{t("secureBootOff.action")}</Button>}
        >
          {t("secureBootOff.text")}
        </Callout>
      )}
      {tpmFailed ? (
        <Callout tone="warning" title={t("tpmFailed.title")}>
          {t("tpmFailed.text")}
        </Callout>
      ) : null}
      <Callout tone="info" title={t("recoveryKey.title")}>
        {t("recoveryKey.text")}
      </Callout>
    </>
  );
}

/** The end: what comes next, and the way there. */
export function Step(): JSX.Element {
  const t = useT("done");
  const { problem, attempt } = useCalls();
  const act = (action: "reboot" | "poweroff" | "firmware"): void => {
    void attempt(() => call("power/act", { action }));
  };
  const restart = (): boolean => {
    act("reboot");
    return false;
  };
  return (
    <StepFrame title={t("title")} lead={t("lead")} back={false} next={{ label: t("restart"), onPress: restart }}>
      {problem === null ? null : (
        <Callout tone="danger" announce="assertive" title={t("refused", { message: problem })} />
      )}
      <MokGuide />
      <Scenes />
      <Notes onFirmware={() => act("firmware")} />
      <div className={styles.actions}>
        <SaveTo
          label={t("saveAnswers")}
          icon="file"
          description={t("saveAnswersHint")}
          save={async (medium) => [await call("answers/save", { medium })]}
        />
        <SaveTo label={t("saveLog")} icon="save" save={async (medium) => [await call("report/save", { medium })]} />
        <Button variant="quiet" icon="power" onPress={() => act("poweroff")}>
          {t("shutDown")}
        </Button>
      </div>
    </StepFrame>
  );
}
