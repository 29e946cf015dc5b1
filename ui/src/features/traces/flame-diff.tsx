import { useMemo, useState } from 'react';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatChange, formatCount, formatDuration, quantityText } from '../../base/quantity.ts';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { type FlameBox, flameBoxes, type FlameRow, slowestRows } from './flame-view.ts';
import { OperationName } from './operation-name.tsx';
import styles from './selection.module.css';
import type { Box, TracesUrl } from './url.ts';
import { useFlames } from './use-traces.ts';

type Flames = Reply<'compareTraceFlames'>;

const frameRowPx = 22;
const tableRows = 12;
/** Of the time in the rest: less than this is not called slower. */
const slowerPart = 0.1;

/** Where the selected traces spend their time, and in what that differs from the rest: red is slower. */
export function FlameDiff({ url, box }: { readonly url: TracesUrl; readonly box: Box }) {
  const query = useFlames(url, box);
  return (
    <Loaded query={query} heightPx={320}>
      {(data) => <Flame data={data} />}
    </Loaded>
  );
}

function Flame({ data }: { readonly data: Flames }) {
  const { traces: text } = useMessages();
  const boxes = useMemo(() => flameBoxes(data), [data]);
  const rows = useMemo(() => slowestRows(data, tableRows), [data]);
  const columns = useColumns();
  const [pointed, setPointed] = useState<FlameBox>();
  if (data.selection.examined === 0) return <EmptyState reason={text.nothingSelected} quiet />;
  const depth = 1 + Math.max(0, ...boxes.map((one) => one.depth));
  const count = (of: number) => quantityText(formatCount(of));
  return (
    <>
      <p className={styles['legend']}>
        {text.flameOf(count(data.selection.examined), count(data.rest.examined), data.selection.complete && data.rest.complete)}
        <span className={styles['scale']} aria-hidden>
          {text.faster} <i /> {text.slower}
        </span>
      </p>
      <div
        className={styles['flame']}
        style={{ height: depth * frameRowPx }}
        role="list"
        aria-label={text.tabs.flame}
        onPointerLeave={() => setPointed(undefined)}
      >
        {boxes.map((one) => (
          <div
            key={one.index}
            role="listitem"
            tabIndex={one.width > 0.02 ? 0 : -1}
            className={styles['frame']}
            aria-label={`${one.service} ${one.name}: ${durationOf(one.selectionNs)}, ${durationOf(one.restNs)}`}
            style={{
              left: `${one.left * 100}%`,
              width: `${one.width * 100}%`,
              top: one.depth * frameRowPx,
              background: frameColor(one.change),
            }}
            onPointerEnter={() => setPointed(one)}
            onFocus={() => setPointed(one)}
          >
            {one.width > 0.03 && (
              <span>
                {one.service} <small>{one.name}</small>
              </span>
            )}
          </div>
        ))}
      </div>
      <p className={styles['pointed']} role="status">
        {pointed ? (
          <>
            <b>{pointed.service}</b> {pointed.name}
            <span>
              {text.inSelection} <QuantityText of={formatDuration(pointed.selectionNs)} />
            </span>
            <span>
              {text.inRest} <QuantityText of={formatDuration(pointed.restNs)} />
            </span>
            <span>
              <QuantityText of={formatChange(pointed.selectionNs, pointed.restNs)} />
            </span>
          </>
        ) : (
          text.flameHint
        )}
      </p>
      <DataTable label={text.slowestFrames} columns={columns} rows={rows} rowKey={({ index }) => String(index)} />
      {data.leftOut > 0 && <p className={styles['legend']}>{text.framesLeftOut(data.leftOut)}</p>}
    </>
  );
}

function durationOf(ns: number | null): string {
  return quantityText(formatDuration(ns));
}

/** Red where the selection is slower, the accent where it is faster, and the colour of a line where they are alike. */
function frameColor(change: number): string {
  const strength = Math.round(Math.sqrt(Math.abs(change)) * 62);
  const tone = change >= 0 ? 'var(--bad)' : 'var(--accent)';
  return `color-mix(in srgb, ${tone} ${strength}%, var(--line))`;
}

function useColumns(): Column<FlameRow>[] {
  const { traces: text } = useMessages();
  return useMemo(
    () => [
      {
        id: 'frame',
        header: text.slowestFrames,
        minWidth: 130,
        cell: ({ service, name }) => <OperationName service={service} name={name} />,
      },
      {
        id: 'selection',
        header: text.inSelection,
        hint: text.selfPerTrace,
        align: 'right',
        width: 96,
        drop: 2,
        cell: ({ selectionSelfNs }) => <QuantityText of={formatDuration(selectionSelfNs)} />,
      },
      {
        id: 'rest',
        header: text.inRest,
        hint: text.selfPerTrace,
        align: 'right',
        width: 96,
        drop: 1,
        cell: ({ restSelfNs }) => <QuantityText of={formatDuration(restSelfNs)} tone="quiet" />,
      },
      {
        id: 'change',
        header: text.change,
        align: 'right',
        width: 110,
        cell: ({ changeNs, restSelfNs }) => {
          if (changeNs === null) return <QuantityText of={formatDuration(null)} />;
          const { value, unit } = formatDuration(Math.abs(changeNs));
          const sign = changeNs < 0 ? '−' : '+';
          return (
            <QuantityText
              of={{ value: `${sign}${value}`, unit }}
              tone={changeNs > slowerPart * (restSelfNs ?? 0) ? 'bad' : 'quiet'}
            />
          );
        },
      },
    ],
    [text],
  );
}
