import { type JSX, useState } from "react";
import type { Facts } from "../../../app/facts.ts";
import type { ChosenDisk } from "../../../app/wizard/choices.ts";
import { chooseDisk, type DiskLoss, isUsable, reconcileDisk } from "../../../app/wizard/disk.ts";
import { lookAlikes } from "../../../app/wizard/disk-identity.ts";
import { useFormat, useT } from "../../i18n/index.ts";
import { useCalls } from "../../parts/useCalls.ts";
import { call, update, useSnapshot } from "../../store.ts";
import { Button, Callout, RadioCards, Spinner, StepFrame, useAnnounce } from "../../ui/index.ts";
import { lossLines, spokenName } from "./describe.ts";
import styles from "./disk.module.css";
import { type CardContext, diskOption } from "./DiskCard.tsx";
import { Identify } from "./Identify.tsx";

interface Choice {
  /** The chosen disk as it is now. */
  readonly chosen: ChosenDisk | null;
  /** The disk that was chosen until something happened to it. */
  readonly lost: { readonly disk: ChosenDisk; readonly loss: DiskLoss } | null;
}

/** The daemon gives up a lost disk too; until its word comes the page must not show the old choice. */
function useChoice({ disks }: Facts): Choice {
  const remembered = useSnapshot(({ choices }) => choices.disk);
  const told = useSnapshot(({ lostDisk }) => lostDisk);
  const { chosen, loss } = reconcileDisk(remembered, disks);
  if (remembered !== null && loss !== null) return { chosen, lost: { disk: remembered, loss } };
  return { chosen, lost: chosen === null ? told : null };
}

function Lost({ disk, loss }: NonNullable<Choice["lost"]>): JSX.Element {
  const t = useT("disk");
  const title = t(`lost.${loss}.title`);
  return (
    <Callout tone="danger" title={title} announce="assertive">
      {t(`lost.${loss}.text`, { disk: spokenName({ ...disk, vendor: null }, t) })}
    </Callout>
  );
}

interface Acting {
  readonly problem: string | null;
  readonly looking: boolean;
  readonly choose: (path: string) => void;
  readonly look: () => void;
}

function useActions({ disks }: Facts): Acting {
  const t = useT("disk");
  const format = useFormat();
  const announce = useAnnounce();
  const { problem, attempt } = useCalls();
  const [looking, setLooking] = useState(false);
  const choose = (path: string): void => {
    const disk = disks.find((each) => each.path === path);
    if (disk === undefined) return;
    void attempt(async () => {
      await update({ disk: chooseDisk(disk) });
      const lines = lossLines(disk, t, format);
      announce(lines === null ? t("lose.blank") : [t("lose.title"), ...lines].join(" "));
    });
  };
  const look = (): void => {
    setLooking(true);
    void attempt(() => call("machine/probe", {})).finally(() => setLooking(false));
  };
  return { problem, looking, choose, look };
}

interface ListProps {
  readonly facts: Facts;
  readonly chosen: ChosenDisk | null;
  readonly onChoose: (path: string) => void;
}

function DiskList({ facts: { disks }, chosen, onChoose }: ListProps): JSX.Element {
  const t = useT("disk");
  const format = useFormat();
  const layout = useSnapshot((snapshot) => snapshot.layout);
  const usable = disks.filter(isUsable);
  const present = disks.filter(({ problems }) => !problems.includes("no-medium"));
  const context: CardContext = { t, format, layout, twins: lookAlikes(present), selected: chosen?.path ?? null };
  return (
    <>
      {usable.length === 0 ? (
        <Callout tone="danger" title={t("none.title")}>
          {t("none.text")}
        </Callout>
      ) : null}
      {usable.length === 1 && chosen === null ? <p className={styles.hint}>{t("only")}</p> : null}
      {disks.length === 0 ? null : (
        <RadioCards
          label={t("list")}
          hideLabel
          value={chosen?.path ?? null}
          onChange={onChoose}
          options={[...usable, ...disks.filter((disk) => !isUsable(disk))].map((disk) => diskOption(disk, context))}
        />
      )}
      {usable.length > 1 ? <Identify disks={usable} /> : null}
    </>
  );
}

function Choosing({ facts }: { readonly facts: Facts }): JSX.Element {
  const t = useT("disk");
  const { chosen, lost } = useChoice(facts);
  const { problem, looking, choose, look } = useActions(facts);
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={{ disabledReason: chosen === null ? t("choose") : null }}>
      {lost === null ? null : <Lost {...lost} />}
      {problem === null ? null : (
        <Callout tone="danger" title={t("common:failed")} announce="assertive">
          {problem}
        </Callout>
      )}
      <DiskList facts={facts} chosen={chosen} onChoose={choose} />
      {facts.disks.length > 1 ? <p className={styles.hint}>{t("keep")}</p> : null}
      <div>
        <Button variant="quiet" icon="refresh" isPending={looking} onPress={look}>
          {t("refresh")}
        </Button>
      </div>
    </StepFrame>
  );
}

/** Choosing the disk to install to, which is also the consent to erase it. */
export function Step(): JSX.Element {
  const t = useT("disk");
  const facts = useSnapshot((snapshot) => snapshot.facts);
  if (facts !== null) return <Choosing facts={facts} />;
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={{ disabledReason: t("choose") }}>
      <p className={styles.looking} role="status">
        <Spinner />
        {t("looking")}
      </p>
    </StepFrame>
  );
}
