import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { useMessages } from '../../../base/messages/use-messages.tsx';
import { formatDuration, quantityText } from '../../../base/quantity.ts';
import { formatFullMoment, unixNanoToMs } from '../../../base/time.ts';
import { useApi } from '../../../base/use-api.ts';
import { Card } from '../../../widgets/card.tsx';
import { Loaded } from '../../../widgets/loaded.tsx';
import { SendSomething } from '../../../widgets/states.tsx';
import { Swatch } from '../../../widgets/tag.tsx';
import widgets from '../../../widgets/widgets.module.css';
import { attributeRow } from '../attribute-groups.ts';
import { AttributeList } from '../attribute-list.tsx';
import { displayName } from '../span-subject.ts';
import page from '../trace.module.css';
import type { TraceView } from '../trace-view.ts';
import { type LogRow, logRows } from './log-rows.ts';
import styles from './trace-logs.module.css';

const route = getRouteApi('/traces/$traceId');

/** Clocks differ, and what a trace caused is written after its last span, too. */
const aroundMs = 10 * 60_000;
const most = 1000;
const rowPx = 32;

/** What was logged while the spans of this trace were active. */
export function TraceLogsTab({ view }: { readonly view: TraceView }) {
  const { trace: text, traceViews } = useMessages();
  const { trace } = view;
  const startMs = unixNanoToMs(trace.startTimeUnixNano);
  const logs = useApi(
    'listLogs',
    {
      query: {
        q: `trace.id = ${trace.traceId}`,
        from: String(Math.floor(startMs - aroundMs)),
        to: String(Math.ceil(startMs + trace.durationNs / 1e6 + aroundMs)),
        limit: most,
      },
    },
    { timed: false },
  );
  const rows = useMemo(() => logRows(logs.data?.items ?? [], view), [logs.data, view]);
  return (
    <Card
      className={page['main']}
      title={text.logs}
      note={logs.data?.nextCursor === undefined ? undefined : traceViews.logsFirst(most)}
    >
      <Loaded query={logs} heightPx={320}>
        {() =>
          rows.length === 0 ? (
            <div className={styles['none']}>
              <SendSomething reason={traceViews.logsNone} what="service" />
              <p>{traceViews.logsHowTo}</p>
            </div>
          ) : (
            <LogList rows={rows} />
          )
        }
      </Loaded>
    </Card>
  );
}

function LogList({ rows }: { readonly rows: readonly LogRow[] }) {
  const { common, trace: text, traceViews } = useMessages();
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  // The virtualizer changes in place; nothing here is memoized by it.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    overscan: 20,
    getScrollElement: () => scroller.current,
  });
  const toggle = (key: string) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  return (
    <>
      <div className={styles['columns']} aria-hidden>
        <span>{traceViews.logTime}</span>
        <span>{traceViews.logSeverity}</span>
        <span>{common.service}</span>
        <span>{traceViews.logBody}</span>
      </div>
      <div ref={scroller} className={styles['scroller']} tabIndex={0} role="region" aria-label={text.logs}>
        <ul style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const row = rows[index];
            return (
              row && (
                <li
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Row row={row} open={open.has(row.key)} onToggle={() => toggle(row.key)} />
                </li>
              )
            );
          })}
        </ul>
      </div>
    </>
  );
}

function Row({ row, open, onToggle }: { readonly row: LogRow; readonly open: boolean; readonly onToggle: () => void }) {
  const { traceViews } = useMessages();
  const navigate = route.useNavigate();
  const { record, atNs, message, tone, node, color } = row;
  const at = atNs < 0 ? `−${quantityText(formatDuration(-atNs))}` : quantityText(formatDuration(atNs));
  return (
    <>
      <button type="button" className={styles['row']} aria-expanded={open} data-tone={tone} onClick={onToggle}>
        {open ? <IconChevronDown size={12} aria-hidden /> : <IconChevronRight size={12} aria-hidden />}
        <time title={formatFullMoment(unixNanoToMs(record.timeUnixNano))}>{at}</time>
        <b>{record.severity.text || record.severity.level}</b>
        <span>
          {color !== undefined && <Swatch color={color} />} {record.service}
        </span>
        <span title={message}>{message}</span>
      </button>
      {open && (
        <div className={styles['more']}>
          <pre>{message}</pre>
          {node && (
            <button
              type="button"
              className={widgets['link']}
              onClick={() => void navigate({ search: (previous) => ({ ...previous, tab: undefined, span: node.id }) })}
            >
              {traceViews.logSpan}: {node.subject.label} {displayName(node.span)}
            </button>
          )}
          <AttributeList
            rows={Object.keys(record.attributes)
              .toSorted()
              .map((key) => attributeRow(key, record.attributes[key]))}
          />
        </div>
      )}
    </>
  );
}
