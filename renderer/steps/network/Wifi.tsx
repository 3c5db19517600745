import { type JSX, useEffect, useRef, useState } from "react";
import { displayText, inSentence } from "../../../app/wizard/display-text.ts";
import type { NetworkState, WifiNetwork } from "../../../app/wizard/network.ts";
import { useT } from "../../i18n/index.ts";
import { useCalls } from "../../parts/useCalls.ts";
import { call } from "../../store.ts";
import { Badge, Button, Callout, type IconName, Row, RowList, useAnnounce } from "../../ui/index.ts";
import { JoinDialog } from "./JoinDialog.tsx";
import styles from "./network.module.css";
import { barsOf, listed } from "./validate.ts";

const signal: readonly IconName[] = ["wifiWeak", "wifiWeak", "wifiMedium", "wifi"];

interface RowProps {
  readonly network: WifiNetwork;
  readonly onJoin: () => void;
  readonly onLeave: () => void;
}

function RowAction({ network, onJoin, onLeave }: RowProps): JSX.Element | null {
  const t = useT("network");
  const name = inSentence(network.ssid);
  if (network.active) {
    return (
      <Button variant="quiet" aria-label={t("wifi.disconnectFrom", { name })} onPress={onLeave}>
        {t("wifi.disconnect")}
      </Button>
    );
  }
  if (network.security === "enterprise") return null;
  return (
    <Button aria-label={t("wifi.connectTo", { name })} onPress={onJoin}>
      {t("wifi.connect")}
    </Button>
  );
}

function NetworkRow(props: RowProps): JSX.Element {
  const t = useT("network");
  const { ssid, strength, security, active } = props.network;
  const bars = barsOf(strength);
  return (
    <Row icon={signal[bars] ?? "wifi"}>
      <span className={styles.words}>
        <span className={styles.name}>
          <bdi>{displayText(ssid) || t("wifi.nameless")}</bdi>
          {active ? <Badge tone="success">{t("wifi.connected")}</Badge> : null}
        </span>
        <span className={styles.quiet}>
          {t("wifi.facts", { strength: t("wifi.strength", { bars }), security: t(`wifi.security.${security}`) })}
        </span>
        {security === "enterprise" ? <span className={styles.quiet}>{t("wifi.enterprise")}</span> : null}
      </span>
      <RowAction {...props} />
    </Row>
  );
}

interface Scan {
  readonly scanning: boolean;
  readonly problem: string | null;
  readonly scan: () => Promise<void>;
  readonly leave: () => Promise<void>;
}

function useWifi(able: boolean): Scan {
  const t = useT("network");
  const announce = useAnnounce();
  const [scanning, setScanning] = useState(false);
  const { problem, attempt } = useCalls();
  const scan = async (): Promise<void> => {
    setScanning(true);
    await attempt(() => call("network/scan", {}));
    setScanning(false);
  };
  const leave = async (): Promise<void> => {
    await attempt(() => call("network/disconnect", {}));
    announce(t("wifi.left"));
  };
  const scanned = useRef(false);
  useEffect(() => {
    if (!able || scanned.current) return;
    scanned.current = true;
    void scan();
  });
  return { scanning, problem, scan, leave };
}

interface WifiProps {
  readonly wifi: NetworkState["wifi"];
}

function Networks({ wifi }: WifiProps): JSX.Element {
  const t = useT("network");
  const { scanning, problem, scan, leave } = useWifi(true);
  const [joining, setJoining] = useState<{ readonly network: WifiNetwork | null } | null>(null);
  const networks = listed(wifi.networks);
  return (
    <>
      {problem === null ? null : (
        <Callout tone="danger" title={t("common:failed")} announce="assertive">
          {problem}
        </Callout>
      )}
      {networks.length > 0 ? (
        <RowList label={t("wifi.list")}>
          {networks.map((network) => (
            <NetworkRow
              key={`${network.security} ${network.ssid}`}
              network={network}
              onJoin={() => setJoining({ network })}
              onLeave={() => void leave()}
            />
          ))}
        </RowList>
      ) : (
        <p className={styles.plain}>{scanning ? t("wifi.scanning") : t("wifi.empty")}</p>
      )}
      <div className={styles.buttons}>
        <Button variant="quiet" icon="refresh" isPending={scanning} onPress={() => void scan()}>
          {scanning ? t("wifi.scanning") : t("wifi.scan")}
        </Button>
        <Button variant="quiet" icon="wifi" onPress={() => setJoining({ network: null })}>
          {t("wifi.hidden")}
        </Button>
      </div>
      {joining === null ? null : <JoinDialog network={joining.network} onClose={() => setJoining(null)} />}
    </>
  );
}

/** The networks in the air, or why there are none. */
export function Wifi({ wifi }: WifiProps): JSX.Element {
  const t = useT("network");
  return (
    <section className={styles.section} aria-labelledby="wifi">
      <h2 id="wifi" className={styles.heading}>
        {t("wifi.title")}
      </h2>
      {!wifi.present ? (
        <p className={styles.plain}>{t("wifi.absent")}</p>
      ) : wifi.blocked ? (
        <Callout tone="warning" title={t("wifi.blocked.title")}>
          {t("wifi.blocked.text")}
        </Callout>
      ) : (
        <Networks wifi={wifi} />
      )}
    </section>
  );
}
