import { useMemo, useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import type { Interval } from '../../base/time-range.ts';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import type { Sort } from '../../widgets/sort-rows.ts';
import { edgeErrorShare, errorTone, networkNs, perSecond, ratio, toldFigures } from './figures.ts';
import type { MapEdge, MapGraph, MapNode } from './map-graph.ts';
import { nodeLabel, titleOfId } from './node-names.ts';
import styles from './map.module.css';

export interface MapTableProps {
  readonly graph: MapGraph;
  readonly range: Interval;
  readonly found: ReadonlySet<string> | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** The same as the drawing, for who cannot see it or wants to sort: worst first. */
export function MapTable({ graph, range, found, selected, onSelect }: MapTableProps) {
  const { map: text } = useMessages();
  const [nodeSort, setNodeSort] = useState<Sort>({ column: 'errors', descending: true });
  const [edgeSort, setEdgeSort] = useState<Sort>({ column: 'errors', descending: true });
  const isShown = (...ids: readonly string[]) => !found || ids.some((id) => found.has(id));
  return (
    <div className={styles['tables']}>
      <h3>{text.nodes}</h3>
      <DataTable
        label={text.nodes}
        columns={useNodeColumns(range)}
        rows={graph.nodes.filter(({ id }) => isShown(id))}
        rowKey={({ id }) => id}
        sort={nodeSort}
        onSort={setNodeSort}
        selectedKey={selected}
        onSelect={({ id }) => onSelect(id)}
        keys
      />
      <h3>{text.edges}</h3>
      <DataTable
        label={text.edges}
        columns={useEdgeColumns(graph, range)}
        rows={graph.edges.filter(({ from, to }) => isShown(from, to))}
        rowKey={({ id }) => id}
        sort={edgeSort}
        onSort={setEdgeSort}
        selectedKey={selected}
        onSelect={({ id }) => onSelect(id)}
      />
    </div>
  );
}

const errorsOf = (node: MapNode) => ratio(node.errors, node.requests);

function useNodeColumns(range: Interval): Column<MapNode>[] {
  const { common, map: text } = useMessages();
  return useMemo(
    () => [
      {
        id: 'name',
        header: common.name,
        minWidth: 140,
        sortKey: nodeLabel,
        cell: (node) => <Ellipsis text={nodeLabel(node)} />,
      },
      { id: 'kind', header: text.level, width: 90, drop: 3, sortKey: ({ kind }) => kind, cell: ({ kind }) => text.kinds[kind] },
      figure('rate', common.requestsPerSecond, 96, ({ requests }) => perSecond(requests, range), formatNumber),
      errorColumn(common.errors, errorsOf),
      { ...figure('p95', 'p95', 90, ({ p95Ns }: MapNode) => p95Ns, formatMilliseconds), drop: 6 },
      { ...figure('instances', text.instances, 84, ({ instances }: MapNode) => instances, formatCount), drop: 2 },
      {
        ...figure('criticality', text.criticality, 88, ({ criticality }: MapNode) => criticality, formatNumber),
        hint: text.criticalityHint,
        drop: 4,
      },
    ],
    [common, text, range],
  );
}

function useEdgeColumns(graph: MapGraph, range: Interval): Column<MapEdge>[] {
  const { common, map: text } = useMessages();
  return useMemo(() => {
    const names = new Map(graph.nodes.map((node) => [node.id, nodeLabel(node)]));
    const nameOf = (id: string) => names.get(id) ?? titleOfId(id);
    return [
      {
        id: 'from',
        header: text.from,
        minWidth: 110,
        sortKey: ({ from }) => nameOf(from),
        cell: ({ from }) => <Ellipsis text={nameOf(from)} />,
      },
      {
        id: 'to',
        header: text.to,
        minWidth: 110,
        sortKey: ({ to }) => nameOf(to),
        cell: ({ to }) => <Ellipsis text={nameOf(to)} />,
      },
      figure('rate', common.requestsPerSecond, 96, (edge) => perSecond(toldFigures(edge)?.requests ?? 0, range), formatNumber),
      errorColumn(common.errors, edgeErrorShare),
      {
        ...figure('client', `p95 ${text.client}`, 100, ({ client }: MapEdge) => client?.p95Ns ?? null, formatMilliseconds),
        drop: 6,
      },
      {
        ...figure('server', `p95 ${text.server}`, 100, ({ server }: MapEdge) => server?.p95Ns ?? null, formatMilliseconds),
        drop: 5,
      },
      { ...figure('gap', text.gap, 84, networkNs, formatMilliseconds), hint: text.gapHint, drop: 4 },
      {
        id: 'strength',
        header: text.strength,
        hint: text.callerFailsHint,
        width: 120,
        drop: 3,
        sortKey: ({ callerFailureShare }) => callerFailureShare ?? -1,
        cell: ({ strength }) => (strength === null ? '–' : text[strength]),
      },
    ];
  }, [graph, common, text, range]);
}

function figure<T>(
  id: string,
  header: string,
  width: number,
  of: (row: T) => number | null,
  format: typeof formatNumber,
): Column<T> {
  return {
    id,
    header,
    align: 'right',
    width,
    sortKey: (row) => of(row) ?? -1,
    cell: (row) => <QuantityText of={format(of(row))} />,
  };
}

function errorColumn<T>(header: string, of: (row: T) => number | null): Column<T> {
  return {
    id: 'errors',
    header,
    align: 'right',
    width: 80,
    sortKey: (row) => of(row) ?? -1,
    cell: (row) => {
      const tone = errorTone(of(row));
      return <QuantityText of={formatRatio(of(row))} tone={tone === 'ok' ? undefined : tone} />;
    },
  };
}
