import { Popover } from '@mantine/core';
import { IconChevronDown, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../base/messages/use-messages.tsx';
import { relativeRanges, resolveTimeRange, shiftTimeRange, type TimeRange } from '../base/time-range.ts';
import { isWithin, formatClock, formatDate, fromDateTimeInput, toDateTimeInput } from '../base/time.ts';
import { useTimeRange } from '../base/use-time-range.ts';
import { classNames } from '../base/class-names.ts';
import widgets from '../widgets/widgets.module.css';
import styles from './shell.module.css';

export function TimeRangePicker() {
  const { range: text } = useMessages();
  const { range, setRange } = useTimeRange();
  const [opened, setOpened] = useState(false);
  const choose = (next: TimeRange) => {
    setRange(next);
    setOpened(false);
  };
  const atNow = range.kind === 'relative' || isWithin(range.toMs, 1000);
  return (
    <div className={styles['joined']} role="group" aria-label={text.label}>
      <button
        type="button"
        className={widgets['pill']}
        data-narrow
        title={text.earlier}
        aria-label={text.earlier}
        onClick={() => setRange(shiftTimeRange(range, -1, Date.now()))}
      >
        <IconChevronLeft size={14} />
      </button>
      <Popover opened={opened} onChange={setOpened} position="bottom" trapFocus returnFocus>
        <Popover.Target>
          <button
            type="button"
            className={classNames(widgets['pill'], styles['rangeLabel'])}
            title={text.label}
            onClick={() => setOpened(!opened)}
          >
            {rangeText(range, text.last)}
            <IconChevronDown size={14} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown className={styles['dropdown'] ?? ''} aria-label={text.label}>
          <div className={styles['range']}>
            <div>
              {relativeRanges.map((last) => (
                <button
                  key={last}
                  type="button"
                  className={styles['choice']}
                  aria-current={range.kind === 'relative' && range.last === last}
                  onClick={() => choose({ kind: 'relative', last })}
                >
                  {text.last[last]}
                </button>
              ))}
            </div>
            <AbsoluteRange range={range} onChoose={choose} />
          </div>
        </Popover.Dropdown>
      </Popover>
      <button
        type="button"
        className={widgets['pill']}
        data-narrow
        title={text.later}
        aria-label={text.later}
        disabled={atNow}
        onClick={() => setRange(shiftTimeRange(range, 1, Date.now()))}
      >
        <IconChevronRight size={14} />
      </button>
    </div>
  );
}

function AbsoluteRange({ range, onChoose }: { readonly range: TimeRange; readonly onChoose: (range: TimeRange) => void }) {
  const { range: text } = useMessages();
  const [initial] = useState(() => resolveTimeRange(range, Date.now()));
  const [from, setFrom] = useState(toDateTimeInput(initial.fromMs));
  const [to, setTo] = useState(toDateTimeInput(initial.toMs));
  const [wrong, setWrong] = useState(false);
  const apply = () => {
    const [fromMs, toMs] = [fromDateTimeInput(from), fromDateTimeInput(to)];
    if (fromMs === undefined || toMs === undefined || fromMs >= toMs) setWrong(true);
    else onChoose({ kind: 'absolute', fromMs, toMs });
  };
  return (
    <div>
      <label>
        {text.from}
        <input type="datetime-local" step={1} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
      </label>
      <label>
        {text.to}
        <input type="datetime-local" step={1} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </label>
      {wrong && <p role="alert">{text.wrong}</p>}
      <button type="button" className={widgets['pill']} onClick={apply}>
        {text.apply}
      </button>
    </div>
  );
}

function rangeText(range: TimeRange, last: Record<string, string>): string {
  if (range.kind === 'relative') return last[range.last] ?? range.last;
  const sameDay = formatDate(range.fromMs) === formatDate(range.toMs);
  const today = formatDate(range.fromMs) === formatDate(Date.now());
  const from = `${today && sameDay ? '' : `${formatDate(range.fromMs).slice(5)} `}${formatClock(range.fromMs)}`;
  return `${from} – ${sameDay ? '' : `${formatDate(range.toMs).slice(5)} `}${formatClock(range.toMs)}`;
}
