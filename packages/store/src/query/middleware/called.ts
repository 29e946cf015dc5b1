/** What callers see of middleware: a dependency of the path rollup. */
export interface Called {
  /** 1 database, 2 queue, 3 remote. */
  readonly dependencyKind: number;
  readonly system: string;
  readonly address: string;
  readonly dependencyName: string;
  /** Of a loopback address the machine of the callers; else empty. */
  readonly host: string;
}

/** A loopback address, or a socket, is something else on each machine. */
export const isLocal = String.raw`match(lower(dependency_address),
  '^(localhost|localhost\\.localdomain|ip6-(localhost|loopback)|127\\.[0-9]+\\.[0-9]+\\.[0-9]+|0\\.0\\.0\\.0|\\[?::1?\\]?|[/@].*)(:[0-9]+)?$')`;
export const localHost = `if(${isLocal}, CAST(host, 'String'), '')`;

export const calledTypes = {
  calledKinds: 'Array(UInt8)',
  calledSystems: 'Array(String)',
  calledAddresses: 'Array(String)',
  calledNames: 'Array(String)',
  calledHosts: 'Array(String)',
} as const;

/** Rows of the path rollup that are of one of the called. */
export const isCalled = `dependency_kind != 0 AND dependency_address IN {calledAddresses:Array(String)}
      AND has(arrayZip({calledKinds:Array(UInt8)}, {calledSystems:Array(String)}, {calledAddresses:Array(String)}, {calledNames:Array(String)}, {calledHosts:Array(String)}),
        (dependency_kind, CAST(dependency_system, 'String'), CAST(dependency_address, 'String'), CAST(dependency_name, 'String'), ${localHost}))`;

export function calledParams(called: readonly Called[]) {
  return {
    calledKinds: called.map(({ dependencyKind }) => dependencyKind),
    calledSystems: called.map(({ system }) => system),
    calledAddresses: called.map(({ address }) => address),
    calledNames: called.map(({ dependencyName }) => dependencyName),
    calledHosts: called.map(({ host }) => host),
  };
}
