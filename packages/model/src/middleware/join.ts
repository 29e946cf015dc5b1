import { type Address, addressText, canonicalHost, isIp, isSocket, readAddress } from './address.ts';
import { type KindIdentity, kindIdentity, kindOfSystem } from './kinds.ts';
import { type Machine, type Place, resolver } from './machines.ts';

/** Middleware that reports itself: what its receiver was told, and the machine that asks. */
export interface Reporter {
  readonly kind: string;
  /** `server.address`, `server.port`. */
  readonly address: string;
  readonly port: number | undefined;
  /** `host.name`, `host.id`. */
  readonly host: string;
  readonly hostId: string;
  /** Queues and topics that it says it has. */
  readonly destinations?: readonly string[];
}

/** What callers see: a dependency of the rollups. */
export interface ClientSide {
  readonly seenAs: 'database' | 'queue' | 'remote';
  readonly system: string;
  /** `server.address:server.port`, as far as it is known. */
  readonly address: string;
  /** The database, the destination. */
  readonly name: string;
  /** Hosts of the callers. */
  readonly hosts: readonly string[];
}

/** One server of middleware, by whatever names it goes. */
export interface MiddlewareEntity {
  /** `redis:shop-1:6379`: kind, machine or name, port. */
  readonly id: string;
  readonly kind: string;
  /** The machine it runs on, where one that reports has its name or address. */
  readonly machine: string | undefined;
  /** As people write it. */
  readonly address: string;
  /** Indices of those that report it, and of what callers see of it. */
  readonly reporters: readonly number[];
  readonly clients: readonly number[];
  /** Ids of others that these clients may mean as well: nothing tells which, so they are not joined. */
  readonly candidates: readonly string[];
}

interface Reported {
  readonly id: string;
  readonly kind: string;
  readonly identity: KindIdentity | undefined;
  readonly place: Place;
  readonly host: string;
  readonly port: number | undefined;
  readonly reporters: number[];
  readonly clients: number[];
  readonly destinations: Set<string>;
}

/**
 * Who is who: middleware that reports itself, and what its callers see, become one entity where both mean one machine and one port.
 *
 *     client on shop-1: redis at cache.example.com:6379 ─┐
 *     client on cache:  redis at 127.0.0.1 ──────────────┼─► redis:cache:6379
 *     host agent on cache: redis at localhost:6379 ──────┘
 *
 * A loopback address is the machine of the one who says it. What could be two is neither: then the candidates are named. Remotes that are
 * no known middleware are left out.
 */
export function joinMiddleware(
  machines: readonly Machine[],
  reporters: readonly Reporter[],
  clients: readonly ClientSide[],
): MiddlewareEntity[] {
  const resolve = resolver(machines);
  const placeName = (machine: Machine) =>
    machines.some((other) => other.name === machine.name && other.id !== machine.id)
      ? `${machine.name}#${machine.id}`
      : machine.name;

  const reported = new Map<string, Reported>();
  reporters.forEach((reporter, index) => {
    const { kind, hostId } = reporter;
    const identity = kindIdentity(kind);
    const host = canonicalHost(reporter.address);
    const port = reporter.port ?? identity?.ports[0];
    const place = resolve(host, reporter.host, hostId);
    const where = place.kind === 'machine' ? placeName(place.machine) : isWorldwide(host) ? host : `${host}@${reporter.host}`;
    const id = `${kind}:${addressText(where, port)}`;
    const own = reported.get(id) ?? {
      id,
      kind,
      identity,
      place,
      host,
      port,
      reporters: [],
      clients: [],
      destinations: new Set<string>(),
    };
    own.reporters.push(index);
    for (const destination of reporter.destinations ?? []) own.destinations.add(destination);
    reported.set(id, own);
  });

  const alone = new Map<
    string,
    { readonly entity: MiddlewareEntity; readonly clients: number[]; readonly candidates: Set<string> }
  >();
  clients.forEach((client, index) => {
    const asked = readAddress(client.address);
    const place = agreed(callersOf(client).map((host) => resolve(asked.host, host)));
    const found = [...reported.values()].filter((one) => mayMean(client, asked, place, one));
    const [only, other] = found;
    if (only !== undefined && other === undefined && place.kind !== 'ambiguous') {
      only.clients.push(index);
      return;
    }
    if (client.seenAs === 'remote') return;
    const kind = kindOfSystem(client.system);
    const port = asked.port ?? (asked.host === '' ? undefined : kindIdentity(kind)?.ports[0]);
    const machine = place.kind === 'machine' ? place.machine : undefined;
    const where = machine ? placeName(machine) : asked.host;
    const id = where === '' ? kind : `${kind}:${addressText(where, port)}`;
    const own = alone.get(id) ?? {
      entity: {
        id,
        kind,
        machine: machine?.name,
        address: addressText(where, port),
        reporters: [],
        clients: [],
        candidates: [],
      },
      clients: [],
      candidates: new Set<string>(),
    };
    own.clients.push(index);
    for (const one of found) own.candidates.add(one.id);
    alone.set(id, own);
  });

  return [
    ...[...reported.values()].map(({ clients: own, host, id, kind, place, port, reporters: by }) => ({
      id,
      kind,
      machine: place.kind === 'machine' ? place.machine.name : undefined,
      address: addressText(place.kind === 'machine' ? placeName(place.machine) : host, port),
      reporters: by,
      clients: own,
      candidates: [],
    })),
    ...[...alone.values()].map(({ candidates, clients: own, entity }) => ({
      ...entity,
      clients: own,
      candidates: [...candidates],
    })),
  ];
}

/** A name with a dot means the same to everybody; `cache` and 172.17.0.2 mean something else on each network. */
function isWorldwide(host: string): boolean {
  return host.includes('.') && !isIp(host);
}

function callersOf({ hosts }: ClientSide): readonly string[] {
  return hosts.length === 0 ? [''] : hosts;
}

const keyOf = (place: Place) => (place.kind === 'machine' ? `${place.machine.name} ${place.machine.id}` : place.kind);

/** What callers on several machines mean by one address: where they do not agree, nobody knows. */
function agreed(places: readonly Place[]): Place {
  const [first, ...others] = places as [Place, ...Place[]];
  if (others.every((place) => keyOf(place) === keyOf(first))) return first;
  const machines = places.flatMap((place) =>
    place.kind === 'machine' ? [place.machine] : place.kind === 'ambiguous' ? place.machines : [],
  );
  return { kind: 'ambiguous', machines: [...new Set(machines)] };
}

function mayMean(client: ClientSide, asked: Address, place: Place, one: Reported): boolean {
  const isNamed = client.seenAs !== 'remote';
  if (isNamed && kindOfSystem(client.system) !== one.kind) return false;
  // Spans of consumers seldom say where: what it is called has to be there, and there alone.
  if (asked.host === '') return client.seenAs === 'queue' && one.destinations.has(client.name);
  return isSamePlace(asked, place, one) && isSamePort(asked, isNamed, one);
}

function isSamePlace(asked: Address, place: Place, { host, place: theirs }: Reported): boolean {
  if (place.kind === 'elsewhere') return theirs.kind === 'elsewhere' && host === asked.host;
  if (place.kind === 'unknown' || theirs.kind !== 'machine') return false;
  const meant = place.kind === 'machine' ? [place.machine] : place.machines;
  return meant.some((machine) => keyOf({ kind: 'machine', machine }) === keyOf(theirs));
}

/** `isNamed`: the client names the system. An address alone is not enough to take a management port for the one that serves. */
function isSamePort(asked: Address, isNamed: boolean, { identity, port }: Reported): boolean {
  if (isSocket(asked.host)) return isNamed;
  const usual = identity?.ports ?? [];
  if (asked.port === undefined) return isNamed && (identity?.hasManagementPort === true || usual[0] === port);
  if (asked.port === port) return true;
  return identity?.hasManagementPort === true && (isNamed || (usual as readonly number[]).includes(asked.port));
}
