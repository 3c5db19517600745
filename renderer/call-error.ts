import { ErrorReport } from "../app/errors.ts";
import { rpcErrorCode } from "../app/rpc/methods.ts";
import { isBridgeError } from "./bridge.ts";

const answeredCodes: readonly number[] = Object.values(rpcErrorCode);

/** A call that the daemon refused, or that did not reach it. */
export class CallError extends Error {
  /** JSON-RPC error code; see `rpcErrorCode`. */
  readonly code: number;
  /** The engine's report, where the daemon sent one. */
  readonly report: ErrorReport | null;

  constructor(code: number, message: string, report: ErrorReport | null, options?: ErrorOptions) {
    super(message, options);
    this.name = "CallError";
    this.code = code;
    this.report = report;
  }

  /** The daemon did not answer: it, the shell or the way between them is gone. */
  get unreachable(): boolean {
    return !answeredCodes.includes(this.code);
  }
}

/** JSON-RPC leaves -32000 to the server: here, a call that was not answered. */
export const UNREACHABLE = -32000;

/** Turns whatever the bridge rejected with into a {@link CallError}. */
export function asCallError(thrown: unknown): CallError {
  if (thrown instanceof CallError) return thrown;
  if (!isBridgeError(thrown)) {
    return new CallError(UNREACHABLE, thrown instanceof Error ? thrown.message : String(thrown), null, {
      cause: thrown,
    });
  }
  const report = ErrorReport.safeParse(thrown.data);
  return new CallError(thrown.code, thrown.message, report.success ? report.data : null, { cause: thrown });
}
