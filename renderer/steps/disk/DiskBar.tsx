import type { JSX } from "react";
import type { Segment } from "../../../app/wizard/disk-layout.ts";
import { displayText, inSentence } from "../../../app/wizard/display-text.ts";
import { useFormat, useT, type Format, type Translate } from "../../i18n/index.ts";
import { cx } from "../../ui/index.ts";
import styles from "./disk.module.css";
import { shortened } from "./legend.ts";

interface DiskBarProps {
  readonly title: string;
  readonly segments: readonly Segment[];
}

type T = Translate<"disk">;

function segmentName({ id, kind }: Segment, t: T): string {
  return id === "system-a" || id === "system-b" ? t(`bar.ids.${id}`) : t(`bar.segments.${kind}`);
}

function spoken(segment: Segment, t: T, format: Format): string {
  const { label, size, used } = segment;
  const name = segmentName(segment, t);
  const named = label === null ? name : t("bar.named", { name, label: inSentence(label) });
  const values = { name: named, size: format.bytes(size) };
  return used === null ? t("bar.entry", values) : t("bar.entryUsed", { ...values, used: format.bytes(used) });
}

function Part({ segment: { kind, size, used } }: { readonly segment: Segment }): JSX.Element {
  return (
    <span className={cx(styles.part, styles[kind])} style={{ flexGrow: Math.max(size, 1) }}>
      {used === null || size === 0 ? null : (
        <span className={styles.used} style={{ inlineSize: `${(100 * used) / size}%` }} />
      )}
    </span>
  );
}

function Legend({ segment }: { readonly segment: Segment }): JSX.Element {
  const t = useT("disk");
  const format = useFormat();
  const { kind, label, size, used } = segment;
  return (
    <span className={styles.entry}>
      <span className={cx(styles.swatch, styles[kind], used !== null && styles.inUse)} />
      <span className={styles.entryText}>
        {segmentName(segment, t)}
        {label === null ? null : (
          <>
            {" "}
            <bdi className={styles.label}>{displayText(label)}</bdi>
          </>
        )}{" "}
        <span className={styles.bytes}>
          {used === null ? format.bytes(size) : t("bar.usedOf", { used: format.bytes(used), size: format.bytes(size) })}
        </span>
      </span>
    </span>
  );
}

/** A disk from end to end, drawn to scale, with a legend; a screen reader gets the same in one sentence. */
export function DiskBar({ title, segments }: DiskBarProps): JSX.Element {
  const t = useT("disk");
  const format = useFormat();
  const { shown, more } = shortened(segments);
  const rest = more === 0 ? [] : [t("bar.more", { count: more })];
  const words = format.list([...shown.map((segment) => spoken(segment, t, format)), ...rest]);
  return (
    <span className={styles.drawing} role="img" aria-label={t("bar.spoken", { title, list: words })}>
      <span className={styles.caption}>{title}</span>
      <span className={styles.bar}>
        {segments.map((segment) => (
          <Part key={segment.id} segment={segment} />
        ))}
      </span>
      <span className={styles.legend}>
        {shown.map((segment) => (
          <Legend key={segment.id} segment={segment} />
        ))}
        {rest}
      </span>
    </span>
  );
}
