/** Where something is asked, as one side wrote it. */
export interface Address {
  /** A name or an IP address in one form: lower case, no brackets, no dot at its end. Empty: nobody said. */
  readonly host: string;
  readonly port: number | undefined;
}

/** `host:port`, `[::1]:port`, `::1:port` (as rollups join the two), or without a port. */
export function readAddress(text: string): Address {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(text);
  if (bracketed) return { host: canonicalHost(bracketed[1] ?? ''), port: portOf(bracketed[2]) };
  const colon = text.lastIndexOf(':');
  const port = portOf(text.slice(colon + 1));
  const host = text.slice(0, colon);
  if (colon === -1 || port === undefined || isSocket(text)) return { host: canonicalHost(text), port: undefined };
  if (host.includes(':') && groupsOf(host) === undefined) return { host: canonicalHost(text), port: undefined };
  return { host: canonicalHost(host), port };
}

export function addressText(host: string, port: number | undefined): string {
  if (port === undefined) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function portOf(text: string | undefined): number | undefined {
  const port = text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** Names are compared as DNS compares them, addresses by what they mean: `::FFFF:10.0.0.5` is 10.0.0.5. */
export function canonicalHost(text: string): string {
  if (isSocket(text)) return text;
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const groups = groupsOf(bare);
  return (groups && (mappedIpv4(groups) ?? groups.join(':'))) ?? bare;
}

/** `::ffff:a00:5` */
function mappedIpv4(groups: readonly string[]): string | undefined {
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return undefined;
  return groups
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff])
    .join('.');
}

/** The eight groups of an IPv6 address, without leading zeros; the last two may be written as IPv4. */
function groupsOf(host: string): readonly string[] | undefined {
  const text = host.replace(/(?<=:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  if (!/^[0-9a-f:]+$/i.test(text) || !text.includes(':')) return undefined;
  const halves = text.split('::');
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = [...head, ...tail];
  const missing = 8 - given.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  if (!given.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return [...head, ...Array.from({ length: missing }, () => '0'), ...tail].map((group) =>
    Number.parseInt(group, 16).toString(16),
  );
}

const ipv6Loopback = '0:0:0:0:0:0:0:1';
const anyAddress = ['0.0.0.0', '0:0:0:0:0:0:0:0'];
const loopbackNames = ['localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback'];

/** A Unix socket, by its path or its abstract name. */
export function isSocket(host: string): boolean {
  return host.startsWith('/') || host.startsWith('@');
}

/** Whether it means the very machine of the one who says it. */
export function isLoopback(host: string): boolean {
  return (
    isSocket(host) ||
    loopbackNames.includes(host) ||
    host === ipv6Loopback ||
    anyAddress.includes(host) ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

export function isIp(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) || groupsOf(host) !== undefined;
}
