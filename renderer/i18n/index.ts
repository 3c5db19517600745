export { useErrorText } from "./error-text.ts";
export { useFormat, type Format } from "./format.ts";
export { setLanguage, startI18n, useT, type Translate } from "./i18n.ts";
export type { Namespace } from "./resources.ts";
