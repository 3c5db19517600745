import { useTranslation } from "react-i18next";

/** Texts of the brand. Their keys are data (`brand.slides`), so unlike the screens' they are not known to the compiler. */
export function useBrandText(): (key: string) => string {
  const { i18n } = useTranslation();
  return i18n.getFixedT(i18n.language, "brand" as never) as unknown as (key: string) => string;
}
