import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unattendedAnswers, type Answers } from "../../app/answers/schema.ts";
import { asInstallError } from "../../app/errors.ts";
import { product } from "../../app/product.ts";
import { readAnswerFile } from "../platform/answer-file.ts";
import { mountAnswerMedium } from "../platform/answer-medium.ts";
import { readOsVersion } from "../probe/os-release.ts";
import { syncAll, unmount } from "../tools/mount.ts";
import type { EngineResult } from "../machine/engine.ts";
import { refuseSecondTime } from "./already-installed.ts";
import type { CliDeps } from "./deps.ts";
import { EventPort } from "./event-port.ts";
import { codeOf, exitCode } from "./exit.ts";
import { countdown } from "./keys.ts";
import { noSecretFiles, writeReport } from "./output.ts";
import { finish, runInstallation, type RunInput } from "./run.ts";
import { complaint } from "./words.ts";

const COUNTDOWN_SECONDS = 10;

/** A refusal before there is an engine is told in the same ways as one by the engine. */
async function refuse(deps: CliDeps, folder: string, thrown: unknown): Promise<EngineResult> {
  const error = asInstallError(thrown).report();
  const events = [
    { event: "hello" as const, version: await readOsVersion(deps.places), pid: process.pid, t: 0 },
    { event: "failed" as const, job: null, error, t: 0 },
  ];
  const port = EventPort.open();
  for (const event of events) port.send(event);
  await port.close();
  deps.complain(complaint(error));
  const result: EngineResult = { outcome: "failed", plan: null, jobs: [], notices: [], error, touched: false };
  await writeReport(folder, { startedAt: new Date(), result, events, ...noSecretFiles }).catch((cause: unknown) => {
    deps.complain(`The result could not be written to the answer medium: ${asInstallError(cause).message}`);
  });
  return result;
}

/** Lets go of the answer medium. A failure here changes nothing about how the installation ended. */
async function release(deps: CliDeps, folder: string): Promise<void> {
  const complain = (error: unknown): void => {
    deps.complain(`The answer medium could not be released: ${asInstallError(error).message}`);
  };
  await syncAll(deps.exec).catch(complain);
  await unmount(deps.exec, folder).catch(complain);
}

/**
 * `silver-install oem`: the unattended installation.
 * @param seconds of the countdown
 * @returns the exit code
 */
export async function oemCommand(deps: CliDeps, seconds = COUNTDOWN_SECONDS): Promise<number> {
  const folder = join(deps.places.run, "answers");
  let next: Answers["onFinish"] = "nothing";
  let result: EngineResult;
  try {
    await mountAnswerMedium(deps.exec, folder);
  } catch (error) {
    return codeOf(await refuse(deps, folder, error));
  }
  try {
    const answers = unattendedAnswers(await readAnswerFile(deps.exec, deps.places, join(folder, product.answerFile)));
    if (answers === null) {
      deps.screen.write("The answer file leaves questions to the graphical installer.\n");
      await release(deps, folder);
      // The unit's last act (build-iso/rootfs/usr/libexec/silvermetal/after-unattended) looks for it.
      await writeFile(join(deps.places.run, "interactive"), "");
      return exitCode.ok;
    }
    await refuseSecondTime(folder, answers, deps.probe);
    next = answers.onFinish;
    const confirm: RunInput["confirm"] = (tell, signal) => countdown(seconds, tell, signal);
    result = await runInstallation(deps, { answers, folder, confirm });
  } catch (error) {
    result = await refuse(deps, folder, error);
  }
  await release(deps, folder);
  if (result.outcome === "installed") await finish(deps, next);
  return codeOf(result);
}
