import type { DependencyNode, dependencyLevels, nodeKinds } from '@sonde/api';

export type Level = (typeof dependencyLevels)[number];
type NodeKind = (typeof nodeKinds)[number];

/** What a node is, without its figures. */
export type NodeNames = Pick<
  DependencyNode,
  'id' | 'kind' | 'service' | 'name' | 'system' | 'address' | 'database' | 'destination'
>;

/** `kind:part/part`, each part percent-encoded: names may hold anything. */
function nodeId(kind: NodeKind, ...parts: readonly string[]): string {
  return `${kind}:${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}

export function endpointNode(level: Level, service: string, name: string): NodeNames {
  if (level === 'service') return { id: nodeId('service', service), kind: 'service', service };
  return { id: nodeId('endpoint', service, name), kind: 'endpoint', service, name };
}

/** A dependency as the rollups key it. */
export interface DependencyKey {
  /** 1 database, 2 queue, 3 remote. */
  readonly dependencyKind: number;
  readonly system: string;
  readonly address: string;
  readonly dependencyName: string;
}

export const queueKind = 2;

export function dependencyNode({ address, dependencyKind, dependencyName, system }: DependencyKey): NodeNames {
  if (dependencyKind === 1) {
    return {
      id: nodeId('database', system, address, dependencyName),
      kind: 'database',
      system,
      address,
      database: dependencyName,
    };
  }
  if (dependencyKind === queueKind) {
    return { id: nodeId('queue', system, dependencyName), kind: 'queue', system, destination: dependencyName };
  }
  return { id: nodeId('remote', address), kind: 'remote', address };
}
