import { Component, type JSX, type ReactNode } from "react";
import { useT } from "../i18n/index.ts";
import { Button, Disclosure } from "../ui/index.ts";
import styles from "./CrashScreen.module.css";

interface MessageProps {
  readonly problem: string;
}

function Message({ problem }: MessageProps): JSX.Element {
  const t = useT("common");
  return (
    <main className={styles.screen}>
      <div className={styles.box} role="alert">
        <h1 className={styles.title}>{t("crash.title")}</h1>
        <p>{t("crash.text")}</p>
        <Button variant="primary" icon="refresh" onPress={() => window.location.reload()}>
          {t("crash.reload")}
        </Button>
        <Disclosure title={t("crash.details")} level={2}>
          <pre className={styles.details}>{problem}</pre>
        </Disclosure>
      </div>
    </main>
  );
}

interface CrashScreenProps {
  readonly children: ReactNode;
}

interface CrashScreenState {
  readonly problem: string | null;
}

/** Stands between a fault in a screen and an empty page. The answers are the daemon's and survive a reload. */
export class CrashScreen extends Component<CrashScreenProps, CrashScreenState> {
  override state: CrashScreenState = { problem: null };

  static getDerivedStateFromError(thrown: unknown): CrashScreenState {
    return { problem: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    return problem === null ? this.props.children : <Message problem={problem} />;
  }
}
