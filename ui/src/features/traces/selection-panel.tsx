import { getRouteApi } from '@tanstack/react-router';
import { type KeyboardEvent, useId } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatMoment } from '../../base/time.ts';
import { timeRangeUrl } from '../../base/time-range.ts';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { Differences } from './differences.tsx';
import { ErrorOrigins } from './error-origins.tsx';
import { durationText } from './filter-chips.tsx';
import { FlameDiff } from './flame-diff.tsx';
import { withCondition } from './search-edit.ts';
import styles from './selection.module.css';
import { TraceList } from './trace-list.tsx';
import { type Box, boxOf, boxUrl, type TracesUrl } from './url.ts';
import type { useTraces } from './use-traces.ts';

const route = getRouteApi('/traces');
const tabs = ['traces', 'errors', 'differences', 'flame'] as const;
type TabName = (typeof tabs)[number];

/** The traces that are asked for, or of the box that was drawn: a list, and three questions about all of them at once. */
export function SelectionPanel({ url, pages }: { readonly url: TracesUrl; readonly pages: ReturnType<typeof useTraces> }) {
  const { traces: text } = useMessages();
  const navigate = route.useNavigate();
  const id = useId();
  const tab: TabName = url.tab ?? 'traces';
  const box = boxOf(url);
  const open = (next: TabName) =>
    void navigate({
      replace: true,
      resetScroll: false,
      search: (previous) => ({ ...previous, tab: next === 'traces' ? undefined : next }),
    });
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] ?? 'traces';
    open(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <section className={widgets['card']} aria-label={text.selection}>
      <header className={styles['header']}>
        <div className={styles['tabs']} role="tablist" aria-label={text.selection} onKeyDown={onKeyDown}>
          {tabs.map((one) => (
            <button
              key={one}
              id={`${id}-${one}`}
              type="button"
              role="tab"
              aria-selected={one === tab}
              aria-controls={`${id}-panel`}
              tabIndex={one === tab ? 0 : -1}
              onClick={() => open(one)}
            >
              {text.tabs[one]}
            </button>
          ))}
        </div>
        {box && <BoxLabel box={box} />}
        {tab === 'traces' && (
          <PillChoice
            label={text.order}
            value={url.sort ?? 'time'}
            options={[
              { value: 'time', text: text.sortTime },
              { value: 'duration', text: text.sortDuration },
            ]}
            onChange={(next) =>
              void navigate({
                resetScroll: false,
                search: (previous) => ({ ...previous, sort: next === 'duration' ? next : undefined }),
              })
            }
          />
        )}
      </header>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${tab}`}>
        {tab === 'traces' && <TraceList url={url} pages={pages} />}
        {tab === 'errors' && <ErrorOrigins url={url} box={box} />}
        {(tab === 'differences' || tab === 'flame') && !box && <EmptyState reason={text.drawBox} quiet />}
        {tab === 'flame' && box && <FlameDiff url={url} box={box} />}
        {tab === 'differences' && box && (
          <Differences
            url={url}
            box={box}
            onFilter={(condition) =>
              void navigate({
                resetScroll: false,
                search: (previous) => ({ ...previous, q: withCondition(url.q ?? '', condition) }),
              })
            }
          />
        )}
      </div>
    </section>
  );
}

function BoxLabel({ box }: { readonly box: Box }) {
  const { traces: text } = useMessages();
  const navigate = route.useNavigate();
  const { fromMs, toMs, minMs, maxMs } = box;
  return (
    <span className={styles['box']}>
      <span>
        {formatMoment(fromMs)} – {formatMoment(toMs)} · {durationText(minMs)} – {durationText(maxMs)}
      </span>
      <button
        type="button"
        className={widgets['link']}
        onClick={() =>
          void navigate({
            search: (previous) => ({
              ...previous,
              ...timeRangeUrl({ kind: 'absolute', fromMs, toMs }),
              ...boxUrl(undefined),
              minMs,
              maxMs,
            }),
          })
        }
      >
        {text.zoomIn}
      </button>
      <button
        type="button"
        className={widgets['link']}
        onClick={() => void navigate({ resetScroll: false, search: (previous) => ({ ...previous, ...boxUrl(undefined) }) })}
      >
        {text.clearBox}
      </button>
    </span>
  );
}
