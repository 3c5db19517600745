import { useEffect, useState, type JSX } from "react";
import { product } from "../../../app/product.ts";
import { asCallError } from "../../call-error.ts";
import { useT } from "../../i18n/index.ts";
import { SaveTo } from "../../parts/SaveTo.tsx";
import { call } from "../../store.ts";
import { Callout, Disclosure } from "../../ui/index.ts";
import styles from "./review.module.css";

/** The file as it would be saved now. */
function Preview(): JSX.Element {
  const t = useT("review");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    call("answers/text", {}).then(
      (found) => {
        if (isCurrent) setText(found);
      },
      (thrown: unknown) => {
        if (isCurrent) setProblem(asCallError(thrown).message);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  if (problem !== null) return <Callout tone="danger" title={t("file.failed", { message: problem })} />;
  return (
    <pre className={styles.file} dir="ltr" role="region" aria-label={t("file.previewLabel")}>
      {text}
    </pre>
  );
}

/** Saves the answers for another computer. */
export function AnswerFile(): JSX.Element {
  const t = useT("review");
  const [isOpen, setOpen] = useState(false);
  return (
    <section className={styles.section}>
      <h2>{t("file.title")}</h2>
      <p className={styles.quiet}>{t("file.lead", { label: product.oemLabel })}</p>
      <div>
        <SaveTo label={t("file.save")} save={async (medium) => [await call("answers/save", { medium })]} />
      </div>
      <Disclosure title={t("file.preview")} isExpanded={isOpen} onExpandedChange={setOpen}>
        {isOpen ? <Preview /> : null}
      </Disclosure>
    </section>
  );
}
