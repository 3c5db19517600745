import type { JSX } from "react";
import { useT } from "../../i18n/index.ts";
import { StepFrame } from "../../ui/index.ts";

export function Step(): JSX.Element {
  const t = useT("welcome");
  return <StepFrame title={t("title")} lead={t("lead")} next={{}} />;
}
