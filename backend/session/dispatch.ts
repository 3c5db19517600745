import type * as z from "zod";
import { rpcErrorCode } from "../../app/rpc/methods.ts";
import type { Phase } from "../../app/wizard/snapshot.ts";
import { asRpcFailure, RpcFailure } from "./rpc-error.ts";

/** A method's contract. */
interface Method {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  readonly phases: readonly Phase[];
}

export type Methods = Record<string, Method>;

/** What answers each method of a table. */
export type Handlers<M extends Methods> = {
  readonly [Name in keyof M]: (
    params: z.output<M[Name]["params"]>,
  ) => z.input<M[Name]["result"]> | Promise<z.input<M[Name]["result"]>>;
};

/** Answers calls by name. */
export interface Dispatcher {
  readonly names: readonly string[];
  call(name: string, params: unknown): Promise<unknown>;
}

/**
 * Checks every call against its method's contract before a handler sees it, and every result before the caller does.
 * @param phase the session's present phase
 */
export function dispatcher<M extends Methods>(methods: M, handlers: Handlers<M>, phase: () => Phase): Dispatcher {
  const table = new Map(Object.entries(methods));
  const allow = ({ phases }: Method, name: string): void => {
    const now = phase();
    if (!phases.includes(now)) throw new RpcFailure(rpcErrorCode.notNow, `${name} is not possible while ${now}`);
  };
  const call = async (name: string, params: unknown): Promise<unknown> => {
    const method = table.get(name);
    if (method === undefined) throw new RpcFailure(rpcErrorCode.unknownMethod, "There is no such method");
    const given = method.params.safeParse(params ?? {});
    if (!given.success) throw new RpcFailure(rpcErrorCode.invalidParams, `The parameters of ${name} are not valid`);
    allow(method, name);
    let result: unknown;
    try {
      result = await handlers[name as keyof M](given.data as z.output<M[keyof M]["params"]>);
    } catch (error) {
      throw asRpcFailure(error);
    }
    const checked = method.result.safeParse(result);
    if (!checked.success) throw new RpcFailure(rpcErrorCode.internal, `${name} gave a result that is not valid`);
    return checked.data;
  };
  return { names: [...table.keys()], call };
}

/** Several tables as one. */
export function combined(dispatchers: readonly Dispatcher[]): Dispatcher {
  return {
    names: dispatchers.flatMap(({ names }) => names),
    call: (name, params) => {
      const found = dispatchers.find(({ names }) => names.includes(name)) ?? dispatchers[0];
      if (found === undefined) throw new RpcFailure(rpcErrorCode.unknownMethod, "There is no such method");
      return found.call(name, params);
    },
  };
}
