import type { Diagnosis } from '@sonde/api';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, quantityText } from '../../base/quantity.ts';
import { EmptyState } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import styles from './diagnose.module.css';
import { OtherBaselines } from './other-baselines.tsx';
import { periodText } from './periods.ts';
import type { Outcome } from './symptom-view.ts';

interface NothingToSayProps {
  readonly diagnosis: Diagnosis;
  readonly outcome: Outcome;
}

/** No verdict: why not, and what to look at instead. */
export function NothingToSay({ diagnosis, outcome }: NothingToSayProps) {
  const { diagnose: text } = useMessages();
  const { baseline, range, symptom } = diagnosis;
  const { name, problems, service } = symptom;
  const of = name ?? service;
  const search = { service, ...(name !== null && { name }) };
  const isFailing = problems.includes('failing');
  const count = (requests: number) => quantityText(formatCount(requests));
  const said: Record<Exclude<Outcome, 'caused'>, readonly [string, string?]> = {
    'no requests': [text.noRequests(of, periodText(range)), text.widen],
    'no baseline': [text.noBaseline(of, periodText(baseline))],
    few: [text.fewRequests(count(symptom.now.requests), count(symptom.baseline.requests)), text.widen],
    'as before': [text.asBefore, text.asBeforeSaid(periodText(range), periodText(baseline))],
    'no cause': [text.noCause, isFailing ? text.noCauseFailing : text.noCauseSaid],
  };
  if (outcome === 'caused') return null;
  const [reason, more] = said[outcome];
  return (
    <div className={styles['panel']}>
      <EmptyState reason={reason}>
        {more !== undefined && <p>{more}</p>}
        {outcome !== 'no requests' && outcome !== 'no cause' && <OtherBaselines periods={diagnosis} />}
        {outcome === 'no cause' && (
          <Link
            to="/traces"
            search={{
              ...search,
              ...(isFailing ? { status: 'error' as const, tab: 'differences' as const } : { sort: 'duration' as const }),
            }}
            className={widgets['pill']}
          >
            {isFailing ? text.failedTraces : text.slowTraces}
          </Link>
        )}
      </EmptyState>
    </div>
  );
}
