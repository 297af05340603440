import ipaddr from 'ipaddr.js';

/** Addresses from `first` to `last`, both included, of one family. */
interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;
type Family = keyof typeof BITS;

/** A prefix length for each address family. */
export type PrefixLengths = Readonly<Record<Family, number>>;

/**
 * True when the union of the blocks is the whole IPv4 or the whole IPv6 address space: `0.0.0.0/0` and `::/0`, and
 * also `0.0.0.0/1` with `128.0.0.0/1`, which AWS accepts as two ordinary blocks.
 *
 * @param cidrs blocks of either family; an entry that is no CIDR block adds nothing, see {@link malformedCidrs}
 */
export function coversEverything(cidrs: readonly string[]): boolean {
  return hasRangeOver(cidrs, { ipv4: 2n ** 32n, ipv6: 2n ** 128n });
}

/**
 * True when the union of the blocks has a contiguous range of more addresses than one block of the widest accepted
 * prefix: with `{ipv4: 16, ipv6: 32}`, `10.0.0.0/16` is not wider, two neighbouring /16 are.
 *
 * @param cidrs blocks of either family; an entry that is no CIDR block adds nothing, see {@link malformedCidrs}
 * @param widest the shortest prefix length that is still accepted
 */
export function isWiderThan(cidrs: readonly string[], widest: PrefixLengths): boolean {
  const oneMoreThan = (family: Family) => 2n ** BigInt(BITS[family] - widest[family]) + 1n;
  return hasRangeOver(cidrs, { ipv4: oneMoreThan('ipv4'), ipv6: oneMoreThan('ipv6') });
}

/** The entries that are no CIDR block of either family. */
export function malformedCidrs(cidrs: readonly string[]): readonly string[] {
  return cidrs.filter((cidr) => !ipaddr.isValidCIDR(cidr));
}

/** A block with holes, as network policies write it. */
export interface AddressBlock {
  readonly cidr: string;
  readonly except: readonly string[];
}

/**
 * True when the union of blocks with holes holds an address.
 *
 * @param blocks an entry that is no CIDR block holds nothing, and a hole that is none takes nothing away
 * @param address of either family
 */
export function holdsAddress(blocks: readonly AddressBlock[], address: string): boolean {
  const single = `${address}/${ipaddr.parse(address).kind() === 'ipv4' ? BITS.ipv4 : BITS.ipv6}`;
  return blocks.some(({ cidr, except }) => isWithin(single, cidr) && !except.some((hole) => isWithin(single, hole)));
}

/** True when the holes of a block leave something of it. */
export function holdsAnything({ cidr, except }: AddressBlock): boolean {
  return (['ipv4', 'ipv6'] as const).some((family) => {
    const range = rangeOf(cidr, family);
    return range !== undefined && without(range, mergedRanges(except, family)).length > 0;
  });
}

function isWithin(inner: string, outer: string): boolean {
  return (['ipv4', 'ipv6'] as const).some((family) => {
    const [small, big] = [rangeOf(inner, family), rangeOf(outer, family)];
    return small !== undefined && big !== undefined && big.first <= small.first && small.last <= big.last;
  });
}

/** What the internet uses: all of IPv4, and the global unicast addresses of IPv6. */
const INTERNET = { ipv4: '0.0.0.0/0', ipv6: '2000::/3' } as const;

/**
 * True when the union of blocks with holes holds more than three quarters of the addresses of the internet, in either family:
 * `0.0.0.0/0`, also without the private ranges, and two halves of it as well.
 */
export function holdsMostOfTheInternet(blocks: readonly AddressBlock[]): boolean {
  return (['ipv4', 'ipv6'] as const).some((family) => {
    const internet = rangeOf(INTERNET[family], family) as AddressRange;
    const held = unionOf(
      blocks.flatMap(({ cidr, except }) => {
        const range = rangeOf(cidr, family);
        return range === undefined ? [] : without(range, mergedRanges(except, family));
      }),
    );
    const addresses = held.reduce((sum, { first, last }) => {
      const from = first > internet.first ? first : internet.first;
      const to = last < internet.last ? last : internet.last;
      return to < from ? sum : sum + (to - from + 1n);
    }, 0n);
    return addresses * 4n > 3n * (internet.last - internet.first + 1n);
  });
}

function without(range: AddressRange, holes: readonly AddressRange[]): readonly AddressRange[] {
  const left: AddressRange[] = [];
  let { first } = range;
  for (const hole of holes) {
    if (hole.last < first || hole.first > range.last) continue;
    if (hole.first > first) left.push({ first, last: hole.first - 1n });
    first = hole.last + 1n;
  }
  if (first <= range.last) left.push({ first, last: range.last });
  return left;
}

/** True when a contiguous range of the union has at least so many addresses. */
function hasRangeOver(cidrs: readonly string[], addresses: Readonly<Record<Family, bigint>>): boolean {
  return (['ipv4', 'ipv6'] as const).some((family) =>
    mergedRanges(cidrs, family).some(({ first, last }) => last - first + 1n >= addresses[family]),
  );
}

/** The blocks of one family as ranges without overlaps or neighbours, in ascending order. */
function mergedRanges(cidrs: readonly string[], family: Family): readonly AddressRange[] {
  return unionOf(cidrs.flatMap((cidr) => rangeOf(cidr, family) ?? []));
}

function unionOf(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const merged: AddressRange[] = [];
  for (const range of [...ranges].sort((left, right) => (left.first < right.first ? -1 : 1))) {
    const previous = merged.at(-1);
    if (previous === undefined || range.first > previous.last + 1n) merged.push(range);
    else if (range.last > previous.last) merged[merged.length - 1] = { first: previous.first, last: range.last };
  }
  return merged;
}

function rangeOf(cidr: string, family: Family): AddressRange | undefined {
  if (!ipaddr.isValidCIDR(cidr)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  if (address.kind() !== family) return undefined;
  const size = 2n ** BigInt(BITS[family] - prefix);
  const value = address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  // AWS stores the network address, but a manifest may name any address of the block.
  const first = value - (value % size);
  return { first, last: first + size - 1n };
}
