import { useEffect, useState, type JSX, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import { initialChoices } from "../app/wizard/choices.ts";
import { setLanguage, startI18n } from "./i18n/index.ts";
import { isPseudoPage, PSEUDO, type TextLanguage } from "./i18n/load.ts";
import { NavigationProvider } from "./navigation.ts";
import { ConnectionLost } from "./shell/ConnectionLost.tsx";
import { CrashScreen } from "./shell/CrashScreen.tsx";
import { Frame } from "./shell/Frame.tsx";
import { useStore } from "./store.ts";
import { applyAppearance, systemWishes, watchSystemWishes } from "./theme/theme.ts";
import { Announcer, Spinner } from "./ui/index.ts";

/** The language on the page, null until its texts have come. */
function useLanguage(): TextLanguage | null {
  const chosen = useStore(({ snapshot }) => snapshot?.choices.language);
  const wanted = chosen === undefined ? null : isPseudoPage() ? PSEUDO : chosen;
  const [shown, setShown] = useState<TextLanguage | null>(null);
  useEffect(() => {
    if (wanted === null) return undefined;
    let current = true;
    const ready = shown === null ? startI18n(wanted) : setLanguage(wanted);
    void ready.then(() => {
      if (current) setShown(wanted);
    });
    return () => {
      current = false;
    };
  }, [wanted, shown]);
  return shown;
}

function useAppearance(): void {
  const appearance = useStore(({ snapshot }) => snapshot?.choices.appearance ?? initialChoices.appearance);
  useEffect(() => {
    const apply = (): void => applyAppearance(appearance, systemWishes());
    apply();
    return watchSystemWishes(apply);
  }, [appearance]);
}

interface ProvidersProps {
  readonly language: TextLanguage;
  readonly children: ReactNode;
}

/** What every screen needs around it. */
export function Providers({ language, children }: ProvidersProps): JSX.Element {
  return (
    <I18nProvider locale={language}>
      <NavigationProvider>
        <Announcer>{children}</Announcer>
      </NavigationProvider>
    </I18nProvider>
  );
}

/** The page. */
export function App(): JSX.Element {
  useAppearance();
  const language = useLanguage();
  if (language === null) return <Spinner still />;
  return (
    <Providers language={language}>
      <CrashScreen>
        <Frame />
      </CrashScreen>
      <ConnectionLost />
    </Providers>
  );
}
