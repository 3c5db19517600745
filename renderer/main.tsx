import "./zod.ts";
import { createRoot } from "react-dom/client";
import { brand } from "../branding/index.ts";
import { App } from "./App.tsx";
import { connect } from "./store.ts";
import "./theme/base.css";
import { themeRules } from "./theme/theme.ts";

/** Before the first paint, and by the object model: the content security policy refuses style elements. */
function adoptTheme(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(themeRules(brand.themes));
  document.adoptedStyleSheets.push(sheet);
}

/** react-aria leaves its style element out where one with this id stands already; the rule is in base.css. */
function standInForReactAriaStyle(): void {
  const mark = document.createElement("meta");
  mark.id = "react-aria-pressable-style";
  document.head.append(mark);
}

adoptTheme();
standInForReactAriaStyle();
connect();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(<App />);
