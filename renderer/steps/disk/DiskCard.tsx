import type { JSX, ReactNode } from "react";
import type { Disk } from "../../../app/facts.ts";
import { isUsable, mainProblem } from "../../../app/wizard/disk.ts";
import { lossOf, segmentsAfter, segmentsBefore } from "../../../app/wizard/disk-layout.ts";
import { displayText } from "../../../app/wizard/display-text.ts";
import type { LayoutSizes } from "../../../app/wizard/snapshot.ts";
import { useFormat, useT, type Format, type Translate } from "../../i18n/index.ts";
import { Badge, Icon, type RadioOption } from "../../ui/index.ts";
import {
  amountText,
  diskName,
  encryptionNames,
  isExternal,
  lossLines,
  portText,
  sizeAndKind,
  systemNames,
} from "./describe.ts";
import { DiskBar } from "./DiskBar.tsx";
import styles from "./disk.module.css";

type T = Translate<"disk">;

export interface CardContext {
  readonly t: T;
  readonly format: Format;
  readonly layout: LayoutSizes | null;
  /** Paths of disks that look like another one. */
  readonly twins: ReadonlySet<string>;
  readonly selected: string | null;
}

interface DiskProps {
  readonly disk: Disk;
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }): JSX.Element {
  return (
    <span className={styles.fact}>
      <span className={styles.term}>{term}</span> {children}
    </span>
  );
}

function Facts({ disk, twin }: DiskProps & { readonly twin: boolean }): JSX.Element {
  const t = useT("disk");
  const format = useFormat();
  const port = portText(disk, t);
  const serial = displayText(disk.serial ?? "");
  return (
    <>
      <span className={styles.size}>{sizeAndKind(disk, t, format)}</span>
      <span className={styles.facts}>
        <Fact term={t("fact.serial")}>
          {serial === "" ? t("fact.none") : <bdi className={styles.code}>{serial}</bdi>}
        </Fact>
        {port === null ? null : <Fact term={t("fact.port")}>{port}</Fact>}
        <Fact term={t("fact.device")}>
          <bdi dir="ltr" className={styles.code}>
            {displayText(disk.path)}
          </bdi>
        </Fact>
      </span>
      {twin ? <span className={styles.twin}>{t("twin.text", { serial: serial === "" ? "no" : "yes" })}</span> : null}
    </>
  );
}

function Contents({ disk }: DiskProps): JSX.Element {
  const t = useT("disk");
  const format = useFormat();
  const loss = lossOf(disk);
  if (loss === null) return <span className={styles.contents}>{t("contents.blank")}</span>;
  const names = [...systemNames(disk, t), ...encryptionNames(disk, t)];
  return (
    <span className={styles.contents}>
      {names.map((name) => (
        <Badge key={name}>{name}</Badge>
      ))}
      <span className={styles.quiet}>
        {t("contents.summary", {
          partitions: t("contents.partitions", { count: loss.partitions }),
          amount: amountText(loss, t, format),
        })}
      </span>
    </span>
  );
}

function WhatIsLost({ disk }: DiskProps): JSX.Element {
  const t = useT("disk");
  const format = useFormat();
  const lines = lossLines(disk, t, format);
  if (lines === null) return <span className={styles.blank}>{t("lose.blank")}</span>;
  return (
    <span className={styles.lose}>
      <Icon name="erase" />
      <span className={styles.loseText}>
        <span className={styles.loseTitle}>{t("lose.title")}</span>
        {lines.map((line) => (
          <span key={line}>{line}</span>
        ))}
        <span>{t("lose.backup")}</span>
      </span>
    </span>
  );
}

function Drawings({
  disk,
  layout,
  selected,
}: DiskProps & Pick<CardContext, "layout"> & { readonly selected: boolean }): JSX.Element {
  const t = useT("disk");
  return (
    <span className={styles.drawings}>
      {selected ? <WhatIsLost disk={disk} /> : null}
      {disk.size === 0 ? null : <DiskBar title={t("bar.before")} segments={segmentsBefore(disk)} />}
      {selected && layout !== null ? (
        <DiskBar title={t("bar.after")} segments={segmentsAfter(disk.size, layout)} />
      ) : null}
    </span>
  );
}

/** Why a disk can not be chosen and what would help; null for one that can. */
export function problemText(
  disk: Disk,
  { t, format, layout }: Pick<CardContext, "t" | "format" | "layout">,
): string | null {
  const problem = mainProblem(disk);
  if (problem === null) return null;
  const needed = layout === null ? "" : format.bytes(layout.minimum);
  return t("problem.both", {
    reason: t(`problem.${problem}.reason`),
    hint: t(`problem.${problem}.hint`, { known: needed === "" ? "no" : "yes", needed }),
  });
}

/** One disk as a card of the radio group. */
export function diskOption(disk: Disk, context: CardContext): RadioOption<string> {
  const { t, layout, twins } = context;
  const selected = context.selected === disk.path;
  const twin = twins.has(disk.path);
  return {
    value: disk.path,
    title: <bdi>{diskName(disk) || t("unnamed")}</bdi>,
    badge: (
      <>
        {isExternal(disk) ? <Badge tone="info">{t("external")}</Badge> : null}
        {twin ? <Badge tone="warning">{t("twin.badge")}</Badge> : null}
      </>
    ),
    description: (
      <>
        <Facts disk={disk} twin={twin && isUsable(disk)} />
        {isUsable(disk) ? <Contents disk={disk} /> : null}
      </>
    ),
    disabledReason: problemText(disk, context),
    children: isUsable(disk) ? <Drawings disk={disk} layout={layout} selected={selected} /> : null,
  };
}
