import type { JSX, ReactNode } from "react";
import { VisuallyHidden as AriaVisuallyHidden } from "react-aria-components";

/** Words for screen readers alone; fits into a paragraph or a button. */
export function VisuallyHidden({ children }: { readonly children: ReactNode }): JSX.Element {
  return <AriaVisuallyHidden elementType="span">{children}</AriaVisuallyHidden>;
}
