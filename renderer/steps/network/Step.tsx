import type { JSX } from "react";
import { displayText } from "../../../app/wizard/display-text.ts";
import type { NetworkState } from "../../../app/wizard/network.ts";
import { useT } from "../../i18n/index.ts";
import { useSnapshot } from "../../store.ts";
import { Badge, Callout, Row, RowList, StepFrame } from "../../ui/index.ts";
import styles from "./network.module.css";
import { Wifi } from "./Wifi.tsx";

interface WiredProps {
  readonly wired: NetworkState["wired"];
}

function Wired({ wired }: WiredProps): JSX.Element {
  const t = useT("network");
  const state = ({ carrier, connected }: NetworkState["wired"][number]): string => {
    if (connected) return t("wired.connected");
    return carrier ? t("wired.connecting") : t("wired.unplugged");
  };
  return (
    <section className={styles.section} aria-labelledby="wired">
      <h2 id="wired" className={styles.heading}>
        {t("wired.title")}
      </h2>
      <RowList>
        {wired.map((each) => (
          <Row key={each.device} icon="ethernet">
            <span className={styles.words}>
              <bdi dir="ltr">{displayText(each.device)}</bdi>
            </span>
            <Badge tone={each.connected ? "success" : "neutral"}>{state(each)}</Badge>
          </Row>
        ))}
      </RowList>
    </section>
  );
}

function Connectivity({ connectivity }: Pick<NetworkState, "connectivity">): JSX.Element | null {
  const t = useT("network");
  switch (connectivity) {
    case "portal":
      return (
        <Callout tone="warning" title={t("portal.title")} announce="polite">
          {t("portal.text")}
        </Callout>
      );
    case "limited":
      return (
        <Callout tone="info" title={t("limited.title")} announce="polite">
          {t("limited.text")}
        </Callout>
      );
    case "full":
      return <Callout tone="success" title={t("full")} announce="polite" />;
    case "none":
    case "unknown":
      return null;
  }
}

function Adapters({ network }: { readonly network: NetworkState }): JSX.Element {
  const t = useT("network");
  const { available, wired, wifi } = network;
  if (!available || (wired.length === 0 && !wifi.present)) {
    const key = available ? "none" : "unavailable";
    const title = t(`${key}.title`);
    return (
      <Callout tone="info" title={title}>
        {t(`${key}.text`)}
      </Callout>
    );
  }
  return (
    <>
      {wired.length === 0 ? null : <Wired wired={wired} />}
      <Wifi wifi={wifi} />
    </>
  );
}

const isConnected = ({ wired, wifi }: NetworkState): boolean =>
  wired.some(({ connected }) => connected) || wifi.networks.some(({ active }) => active);

/** Shows the network that is there and lets the user join one; nothing of the installation needs it. */
export function Step(): JSX.Element {
  const t = useT("network");
  const network = useSnapshot((snapshot) => snapshot.network);
  const next = isConnected(network) ? {} : { label: t("skip") };
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={next}>
      <Callout tone="info" title={t("promise.title")}>
        {t("promise.text")}
      </Callout>
      <Connectivity connectivity={network.connectivity} />
      <Adapters network={network} />
    </StepFrame>
  );
}
