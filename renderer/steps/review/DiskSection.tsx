import type { JSX } from "react";
import type { Plan } from "../../../app/plan.ts";
import { displayText, inSentence } from "../../../app/wizard/display-text.ts";
import { useFormat, useT } from "../../i18n/index.ts";
import { useSnapshot } from "../../store.ts";
import { FactList, Icon } from "../../ui/index.ts";
import { lostItems, type LostItem } from "./lost.ts";
import styles from "./review.module.css";

interface PlanProps {
  readonly plan: Plan;
}

const shown = (text: string | null): JSX.Element | null => (text ? <bdi>{displayText(text)}</bdi> : null);

/** What a person calls the disk, safe inside a sentence. */
export const diskTitle = ({ disk }: Plan): string => inSentence(displayText(disk.model ?? "") || disk.path);

/** The disk that will be erased, by model and serial number. */
export function DiskSection({ plan }: PlanProps): JSX.Element {
  const t = useT("review");
  const format = useFormat();
  const { model, serial, size, path } = plan.disk;
  return (
    <section className={styles.section}>
      <h2>{t("disk.title")}</h2>
      <FactList
        facts={[
          { term: t("disk.name"), value: shown(model) ?? shown(path) },
          { term: t("disk.serial"), value: shown(serial) ?? t("disk.noSerial") },
          { term: t("disk.size"), value: format.bytes(size) },
          { term: t("disk.path"), value: shown(path) },
        ]}
      />
    </section>
  );
}

interface LostLineProps {
  readonly item: LostItem;
}

function LostWords({ item }: LostLineProps): JSX.Element {
  const t = useT("review");
  switch (item.kind) {
    case "system":
      return <>{t("lost.system", { name: inSentence(item.name) })}</>;
    case "whole":
      return <>{t("lost.whole", { content: inSentence(item.content) })}</>;
    case "text":
      return <bdi lang="en">{displayText(item.what)}</bdi>;
    case "partition": {
      const plain = item.content === null ? t("lost.unknownContent") : inSentence(item.content);
      const content = item.encryption === null ? plain : t(`lost.encrypted.${item.encryption}`);
      const number = item.number ?? 0;
      const name = inSentence(item.name);
      return <>{t(item.name === "" ? "lost.partition" : "lost.partitionNamed", { number, name, content })}</>;
    }
  }
}

function LostLine({ item }: LostLineProps): JSX.Element {
  const t = useT("review");
  const format = useFormat();
  const size = item.size === null ? null : format.bytes(item.size);
  const used = item.kind === "partition" && item.used !== null ? format.bytes(item.used) : null;
  return (
    <li className={styles.lost}>
      <span>
        <LostWords item={item} />
      </span>
      {size === null ? null : (
        <span className={styles.amount}>{used === null ? size : t("lost.used", { size, used })}</span>
      )}
    </li>
  );
}

/** Everything on the disk that will be gone. */
export function LostSection({ plan }: PlanProps): JSX.Element {
  const t = useT("review");
  const facts = useSnapshot((snapshot) => snapshot.facts);
  const items = lostItems(plan, facts);
  return (
    <section className={styles.danger}>
      <h2>
        <Icon name="erase" /> {t("lost.title")}
      </h2>
      <p>{t("lost.lead", { disk: diskTitle(plan) })}</p>
      {items.length === 0 ? (
        <p>{t("lost.none")}</p>
      ) : (
        <ul className={styles.losses}>
          {items.map((item, index) => (
            <LostLine key={index} item={item} />
          ))}
        </ul>
      )}
      <p className={styles.quiet}>{t("lost.others")}</p>
    </section>
  );
}
