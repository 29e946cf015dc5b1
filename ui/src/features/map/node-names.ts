import type { MapNode } from './map-graph.ts';

type Named = Pick<MapNode, 'id' | 'kind' | 'service' | 'name' | 'system' | 'address' | 'database' | 'destination'>;

/** What a node is called on the map. */
export function nodeTitle(node: Named): string {
  switch (node.kind) {
    case 'service':
      return node.service ?? '';
    case 'endpoint':
    case 'group':
      return node.name ?? '';
    case 'database':
      return node.database || [node.system, node.address].filter(Boolean).join(' ');
    case 'queue':
      return node.destination || node.system || '';
    case 'remote':
      return node.address ?? '';
    default:
      return node.id;
  }
}

/** What tells apart those of the same title: an endpoint's service, where a database answers. */
export function nodeWhere(node: Named): string {
  switch (node.kind) {
    case 'endpoint':
      return node.service ?? '';
    case 'database':
      return node.database ? [node.system, node.address].filter(Boolean).join(' · ') : '';
    case 'queue':
      return node.destination ? (node.system ?? '') : '';
    default:
      return '';
  }
}

/** Both, for lists and for who cannot see. */
export function nodeLabel(node: Named): string {
  const where = nodeWhere(node);
  if (where === '') return nodeTitle(node);
  return node.kind === 'endpoint' ? `${where} ${nodeTitle(node)}` : `${nodeTitle(node)} (${where})`;
}

/** Of a node that may not be on the map: ids are made of what it is called. */
export function titleOfId(id: string): string {
  const parts = id
    .slice(id.indexOf(':') + 1)
    .split('/')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  return id.startsWith('endpoint:') ? parts.join(' ') : (parts.findLast(Boolean) ?? id);
}
