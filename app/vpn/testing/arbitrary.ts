import fc from "fast-check";
import { Secret } from "../../secret.ts";
import { addressBits, addressText, networkOf, type Prefix } from "../address.ts";
import type { VpnConfig, VpnPeer } from "../config.ts";
import { MTU_RANGE } from "../problem.ts";

/** Keys of different peers differ by their first bytes; the private key's first byte is none of theirs. */
const key = (first: number) =>
  fc
    .uint8Array({ minLength: 31, maxLength: 31 })
    .map((rest) => Buffer.concat([Buffer.from([first]), rest]).toString("base64"));

export const anyPrefix = (family: 4 | 6): fc.Arbitrary<Prefix> =>
  fc.record({
    family: fc.constant(family),
    value: fc.bigInt({ min: 0n, max: (1n << BigInt(addressBits[family])) - 1n }),
    length: fc.nat(addressBits[family]),
  });

const host = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?(\.[a-z]{2,6}){1,2}$/),
  anyPrefix(4).map(addressText),
  anyPrefix(6).map(addressText),
);

const peer = (first: number, family: 4 | 6): fc.Arbitrary<VpnPeer> =>
  fc.record({
    publicKey: key(first),
    presharedKey: fc.option(key(99).map((text) => new Secret(text))),
    endpoint: fc.record({ host, port: fc.integer({ min: 1, max: 65_535 }) }),
    allowed: fc.constant([networkOf({ family, value: 0n, length: 0 })]),
    keepalive: fc.nat(65_535),
  });

/** Configurations without a mistake: one peer for both IP versions, for one of them, or two peers. */
export const anyVpnConfig: fc.Arbitrary<VpnConfig> = fc
  .constantFrom<(4 | 6)[][]>([[4]], [[6]], [[4, 6]], [[4], [6]])
  .chain((shape) => {
    const families = shape.flat();
    const servers = families.map((family) =>
      anyPrefix(family).map((prefix) => addressText({ ...prefix, value: prefix.value | (1n << 31n) })),
    );
    return fc.record({
      privateKey: key(250).map((text) => new Secret(text)),
      addresses: fc.tuple(...families.map(anyPrefix)),
      dns: fc.tuple(...servers),
      mtu: fc.option(fc.integer({ min: MTU_RANGE[0], max: MTU_RANGE[1] })),
      listenPort: fc.option(fc.integer({ min: 1, max: 65_535 })),
      peers: fc.tuple(
        ...shape.map((carried, index) =>
          peer(index + 1, carried[0] ?? 4).map((one) => ({
            ...one,
            allowed: carried.map((family) => networkOf({ family, value: 0n, length: 0 })),
          })),
        ),
      ),
    });
  });
