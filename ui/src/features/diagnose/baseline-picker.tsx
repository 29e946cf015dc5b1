import { Popover } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import type { Interval } from '../../base/time-range.ts';
import { formatFullMoment, fromDateTimeInput, toDateTimeInput } from '../../base/time.ts';
import widgets from '../../widgets/widgets.module.css';
import styles from './diagnose.module.css';
import { baselineOf, type BaselinePreset, baselinePresets, periodText, presetOf } from './periods.ts';

const route = getRouteApi('/diagnose');

interface BaselineProps {
  readonly range: Interval;
  readonly baseline: Interval;
}

export function BaselinePicker({ baseline, range }: BaselineProps) {
  const { diagnose: text } = useMessages();
  const [opened, setOpened] = useState(false);
  const choose = useBaseline(range, () => setOpened(false));
  const preset = presetOf(range, baseline);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={widgets['pill']}
          title={`${formatFullMoment(baseline.fromMs)} – ${formatFullMoment(baseline.toMs)}`}
          onClick={() => setOpened(!opened)}
        >
          {text.comparedWith(
            preset === undefined || preset === 'before'
              ? periodText(baseline)
              : `${text.baselinesShort[preset]} ${periodText(baseline)}`,
          )}
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles['dropdown'] ?? ''} aria-label={text.baseline}>
        {baselinePresets.map((one) => (
          <button
            key={one}
            type="button"
            className={styles['choice']}
            aria-current={one === preset}
            onClick={() => choose(one)}
          >
            {text.baselines[one]} <small>{periodText(baselineOf(range, one))}</small>
          </button>
        ))}
        <OwnPeriod baseline={baseline} onChoose={choose} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** Another baseline into the URL; the one just before is the default, and left out. */
export function useBaseline(range: Interval, then?: () => void) {
  const navigate = route.useNavigate();
  return (chosen: BaselinePreset | Interval) => {
    const period = typeof chosen === 'string' ? baselineOf(range, chosen) : chosen;
    const isDefault = chosen === 'before';
    void navigate({
      search: (previous) => ({
        ...previous,
        baselineFrom: isDefault ? undefined : Math.round(period.fromMs),
        baselineTo: isDefault ? undefined : Math.round(period.toMs),
        verdict: undefined,
      }),
    });
    then?.();
  };
}

function OwnPeriod({ baseline, onChoose }: { readonly baseline: Interval; readonly onChoose: (period: Interval) => void }) {
  const { range: text } = useMessages();
  const [from, setFrom] = useState(() => toDateTimeInput(baseline.fromMs));
  const [to, setTo] = useState(() => toDateTimeInput(baseline.toMs));
  const [wrong, setWrong] = useState(false);
  const apply = () => {
    const [fromMs, toMs] = [fromDateTimeInput(from), fromDateTimeInput(to)];
    if (fromMs === undefined || toMs === undefined || fromMs >= toMs) setWrong(true);
    else onChoose({ fromMs, toMs });
  };
  return (
    <div className={styles['own']}>
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
