import { canonicalHost, isIp, isLoopback } from './address.ts';

/** A machine as senders on it name it. Of two with one name, their `host.id` tells them apart. */
export interface Machine {
  /** `host.name`, else `host.id`. */
  readonly name: string;
  readonly id: string;
  /** `host.ip`. */
  readonly addresses: readonly string[];
}

/** What a name or an address means to the one who says it. */
export type Place =
  | { readonly kind: 'machine'; readonly machine: Machine }
  /** Nobody who reports has it. */
  | { readonly kind: 'elsewhere'; readonly host: string }
  /** Several have it, and nothing tells which is meant. */
  | { readonly kind: 'ambiguous'; readonly machines: readonly Machine[] }
  /** Nothing was said, or it is the machine of somebody whose machine is not known. */
  | { readonly kind: 'unknown' };

const firstLabel = (name: string) => name.split('.', 1)[0] as string;

/** One name is the other's first label, and is no more than that. */
function isShortFor(one: string, other: string): boolean {
  return one !== other && !one.includes('.') && one === firstLabel(other);
}

export function resolver(machines: readonly Machine[]) {
  const named = machines.map((machine) => ({
    machine,
    name: canonicalHost(machine.name),
    addresses: new Set(machine.addresses.map((address) => canonicalHost(address))),
  }));

  function candidates(host: string): readonly Machine[] {
    if (isIp(host)) return named.filter(({ addresses }) => addresses.has(host)).map(({ machine }) => machine);
    const exact = named.filter(({ name }) => name === host);
    const found = exact.length > 0 ? exact : named.filter(({ name }) => isShortFor(name, host) || isShortFor(host, name));
    return found.map(({ machine }) => machine);
  }

  /** The machine that a sender says it runs on. One that reports nothing else is known by that name alone. */
  function speakerOf(name: string, id: string): readonly Machine[] {
    if (name === '') return [];
    const own = machines.filter((machine) => machine.name === name && (id === '' || machine.id === '' || machine.id === id));
    return own.length > 0 ? own : [{ name, id, addresses: [] }];
  }

  const placeOf = (found: readonly Machine[], otherwise: Place): Place => {
    const [machine, other] = found;
    if (machine === undefined) return otherwise;
    return other === undefined ? { kind: 'machine', machine } : { kind: 'ambiguous', machines: found };
  };

  /** `host`: canonical. An address that the speaker's own machine has is that machine's, whoever else has it: bridges are alike on all. */
  return function resolve(host: string, speakerName: string, speakerId = ''): Place {
    if (host === '') return { kind: 'unknown' };
    const speaker = speakerOf(speakerName, speakerId);
    if (isLoopback(host)) return placeOf(speaker, { kind: 'unknown' });
    const found = candidates(host);
    const own = found.filter((machine) => speaker.includes(machine));
    return placeOf(own.length === 1 ? own : found, { kind: 'elsewhere', host });
  };
}
