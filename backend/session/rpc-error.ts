import { asInstallError } from "../../app/errors.ts";
import { rpcErrorCode } from "../../app/rpc/methods.ts";

/** Why a call was refused, in the terms of JSON-RPC. Never holds what the caller has sent. */
export class RpcFailure extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = "RpcFailure";
    this.code = code;
    this.data = data;
  }
}

/** Whatever a handler has thrown. */
export function asRpcFailure(thrown: unknown): RpcFailure {
  if (thrown instanceof RpcFailure) return thrown;
  const error = asInstallError(thrown);
  const code = error.kind === "internal" ? rpcErrorCode.internal : rpcErrorCode.refused;
  return new RpcFailure(code, error.message, error.report());
}
