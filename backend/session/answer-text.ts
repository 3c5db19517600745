import { stringify } from "yaml";
import type { AnswerFile } from "../../app/answers/schema.ts";
import { initialChoices, type Choices } from "../../app/wizard/choices.ts";

/**
 * The answers as an answer file for the next computer, without secrets: what they belong to, and the disk, which is
 * another one there, is left to the graphical installer.
 */
export function answerText(choices: Choices): string {
  const { layout, variant } = choices.keyboard;
  const fullName = choices.fullName.trim();
  const isNamed = choices.userName !== "";
  const asked: AnswerFile["interactive"] = ["disk", "encryption"];
  if (!isNamed || !choices.passwordLater) asked.push("account");
  const file = {
    apiVersion: "silvermetal/v1",
    interactive: asked,
    ...(choices.unlock === "off" ? { encryption: { tpm2: "off" } } : {}),
    ...(choices.enroll === null ? {} : { secureBoot: { enroll: choices.enroll } }),
    locale: choices.locale,
    keyboard: { layout, ...(variant === null ? {} : { variant }) },
    timezone: choices.timezone,
    hostname: choices.hostname === "" ? initialChoices.hostname : choices.hostname,
    ...(choices.console === null ? {} : { console: choices.console }),
    ...(isNamed ? { user: { name: choices.userName, ...(fullName === "" ? {} : { fullName }) } } : {}),
  };
  return `# Answers of the graphical installer, without secrets; see docs/ANSWERS.md.\n${stringify(file)}`;
}
