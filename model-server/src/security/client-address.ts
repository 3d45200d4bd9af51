import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyaddr from 'proxy-addr';

/** What tells where a request came from: a request of HTTP, or what gRPC knows in the same form. */
export interface Origin {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly socket: { readonly remoteAddress?: string };
}

export type ClientAddress = (request: Origin) => string;

/**
 * How a client's address is found. Without proxies it is the connection's own, whatever `X-Forwarded-For` says.
 *
 * @param trusted addresses, networks or names that `proxy-addr` knows, or one number of proxies
 * @throws TypeError when one of them is none of these
 */
export function clientAddress(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) return (request) => ownAddress(request);
  const [first = ''] = trusted;
  if (trusted.length > 1 && trusted.some(isCount)) throw new TypeError('a number of proxies stands alone');
  const hops = trusted.length === 1 && isCount(first) ? Number(first) : undefined;
  const isTrusted =
    hops === undefined ? proxyaddr.compile([...trusted]) : (_address: string, hop: number) => hop < hops;
  return (request) => {
    const address = proxyaddr(request as IncomingMessage, isTrusted);
    // What stands in the header need not be an address; then nobody knows better than the connection.
    return isIP(address) === 0 ? ownAddress(request) : address;
  };
}

function isCount(text: string): boolean {
  return /^\d+$/.test(text);
}

function ownAddress({ socket }: Origin): string {
  return socket.remoteAddress ?? '';
}

/** What is counted as one: an IPv4 address, or a network of IPv6, because whoever has an address there has all 2^64. */
export function addressGroup(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = (address.split('%')[0] as string).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted tail stands for two groups.
  const groups = after.length + (after.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - groups);
  const all = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
