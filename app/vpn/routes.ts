import { covers, outside, type Prefix, prefixText } from "./address.ts";
import { carriedFamilies, type VpnPeer } from "./config.ts";

/** Gaps that a message lists. */
const LISTED = 4;
const everything = { 4: "0.0.0.0/0", 6: "::/0" } as const;

export interface RouteProblem {
  readonly kind: "addresses-overlap" | "routes-leak" | "routes-split";
  /** Index of the peer it is about. */
  readonly peer: number;
  readonly about: string;
}

type Allowed = Pick<VpnPeer, "allowed">;

/** The networks of one peer: where they are all addresses of an IP version together, just that. */
export function simplified(allowed: readonly Prefix[]): Prefix[] {
  return ([4, 6] as const).flatMap((family) => {
    const mine = allowed.filter((prefix) => prefix.family === family);
    return mine.length > 1 && outside(mine, family).length === 0 ? [{ family, value: 0n, length: 0 }] : mine;
  });
}

/** Networks that two peers claim. After sorting, one that lies in another follows it, with only such ones between. */
function overlaps(peers: readonly Allowed[]): RouteProblem[] {
  const claims = peers
    .flatMap(({ allowed }, peer) => allowed.map((prefix) => ({ prefix, peer })))
    .sort((a, b) => {
      const [x, y] = [a.prefix, b.prefix];
      return x.family - y.family || (x.value < y.value ? -1 : Number(x.value > y.value)) || x.length - y.length;
    });
  const problems: RouteProblem[] = [];
  const open: typeof claims = [];
  for (const claim of claims) {
    for (let last = open.at(-1); last && !covers(last.prefix, claim.prefix); last = open.at(-1)) open.pop();
    const other = open.find(({ peer }) => peer !== claim.peer);
    if (other) {
      const peer = Math.max(other.peer, claim.peer);
      problems.push({ kind: "addresses-overlap", peer, about: prefixText(claim.prefix) });
    }
    open.push(claim);
  }
  return problems;
}

function gapText(gaps: readonly Prefix[]): string {
  const listed = gaps.slice(0, LISTED).map((gap) => (gap.length === 0 ? everything[gap.family] : prefixText(gap)));
  return gaps.length > LISTED ? `${listed.join(", ")} and ${String(gaps.length - LISTED)} more` : listed.join(", ");
}

/** An IP version is carried whole by one peer, or not at all: then it is blocked. */
function coverage(peers: readonly Allowed[], family: 4 | 6): RouteProblem[] {
  const mine = peers.map(({ allowed }) => allowed.filter((prefix) => prefix.family === family));
  const peer = mine.findIndex((allowed) => allowed.length > 0);
  if (peer === -1 || mine.some((allowed) => allowed.some(({ length }) => length === 0))) return [];
  const gaps = outside(mine.flat(), family);
  if (gaps.length > 0) return [{ kind: "routes-leak", peer, about: gapText(gaps) }];
  return [{ kind: "routes-split", peer, about: everything[family] }];
}

/**
 * What is wrong with the networks of all peers.
 * @param addresses of this computer in the tunnel: without one of a version there is no way for its packets
 */
export function routeProblems(peers: readonly Allowed[], addresses: readonly Prefix[]): RouteProblem[] {
  const problems = [...overlaps(peers), ...coverage(peers, 4), ...coverage(peers, 6)];
  if (problems.length > 0 || carriedFamilies(addresses, peers).length > 0) return problems;
  return [{ kind: "routes-leak", peer: 0, about: `${everything[4]}, ${everything[6]}` }];
}
