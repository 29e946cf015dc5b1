import type { Diagnosis } from '@sonde/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, formatRate, formatRatio, quantityText } from '../../base/quantity.ts';
import { formatClock, formatFullMoment } from '../../base/time.ts';
import widgets from '../../widgets/widgets.module.css';
import { BaselinePicker } from './baseline-picker.tsx';
import styles from './diagnose.module.css';
import { areErrorsSame, isSameRate } from './symptom-view.ts';
import { Tag } from '../../widgets/tag.tsx';

interface HeadlineProps {
  readonly diagnosis: Diagnosis;
  readonly sinceMs: number | null;
}

/** What is wrong, in one line: since when, how slow, and what of it is as before. */
export function Headline({ diagnosis: { baseline: period, range, symptom }, sinceMs }: HeadlineProps) {
  const { diagnose: text } = useMessages();
  const { baseline, curve, name, now, problems, service } = symptom;
  const ns = (value: number | null) => quantityText(formatDuration(value));
  const [rate, rateBefore] = [quantityText(formatRate(now.rate)), quantityText(formatRate(baseline.rate))];
  const [errors, errorsBefore] = [quantityText(formatRatio(now.errorShare)), quantityText(formatRatio(baseline.errorShare))];
  const minutes = Math.round((range.toMs - (sinceMs ?? range.toMs)) / 60_000);
  const forHowLong = minutes < 120 ? text.minutes(minutes) : ns(minutes * 60e9);
  const isCompared = now.requests > 0 && baseline.requests > 0;
  return (
    <div className={styles['headline']}>
      {sinceMs !== null && (
        <span title={formatFullMoment(sinceMs)}>
          <Tag tone="bad">{text.since(formatClock(sinceMs).slice(0, 5), forHowLong)}</Tag>
        </span>
      )}
      <p>
        <Both name="p95" before={ns(baseline.p95Ns)} now={ns(now.p95Ns)} isCompared={isCompared} />
        {isCompared && <span>{text.curve[curve]}</span>}
        {isCompared && isSameRate(symptom) ? (
          <span>{text.rateSame(rate)}</span>
        ) : (
          <Both name={text.rate} before={rateBefore} now={rate} isCompared={isCompared} />
        )}
        {isCompared && areErrorsSame(symptom) ? (
          <span>{text.errorsSame(errors)}</span>
        ) : (
          <Both name={text.errors} before={errorsBefore} now={errors} isCompared={isCompared} />
        )}
        {problems.includes('late') && <span>{text.lateSaid}</span>}
      </p>
      <span className={styles['aside']}>
        <Link to="/latency" search={{ service, ...(name !== null && { name }) }} className={widgets['pill']}>
          {text.distribution}
        </Link>
        <BaselinePicker range={range} baseline={period} />
      </span>
    </div>
  );
}

interface BothProps {
  readonly name: ReactNode;
  readonly before: string;
  readonly now: string;
  readonly isCompared: boolean;
}

function Both({ before, isCompared, name, now }: BothProps) {
  if (!isCompared && before === '–' && now === '–') return null;
  return (
    <span>
      {name}{' '}
      <b>
        {before} → {now}
      </b>
    </span>
  );
}
