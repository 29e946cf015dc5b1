import type { Diagnosis, Verdict } from '@sonde/api';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { LineChart } from '../../charts/line-chart.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatRatio, quantityText } from '../../base/quantity.ts';
import { formatClock } from '../../base/time.ts';
import { Tag } from '../../widgets/tag.tsx';
import widgets from '../../widgets/widgets.module.css';
import { Box } from './box.tsx';
import { causeLine } from './cause-line.ts';
import styles from './diagnose.module.css';
import { Sentence } from './sentence-text.tsx';
import { causeTold, evidenceRows, exampleSearch, subjectName } from './verdict-view.ts';

interface CauseBoxProps {
  readonly diagnosis: Diagnosis;
  readonly verdict: Verdict;
}

const chartHeightPx = 128;

export function CauseBox({ diagnosis, verdict }: CauseBoxProps) {
  const { diagnose: text } = useMessages();
  return (
    <Box of="cause" title={text.cause}>
      <p>
        <Sentence {...causeTold(verdict, text)} />
      </p>
      <CauseChart diagnosis={diagnosis} verdict={verdict} />
      <EvidenceList verdict={verdict} />
      <div className={styles['tags']}>
        <Tag tone="bad" title={text.confidenceHint}>
          {text.confidence(verdict.confidence.toFixed(2))}
        </Tag>
        <Tag title={text.explainsHint}>{text.explains(quantityText(formatRatio(verdict.share)))}</Tag>
        <Link to="/traces" search={exampleSearch(diagnosis, verdict)} className={widgets['pill']}>
          {text.exampleTraces}
        </Link>
      </div>
    </Box>
  );
}

function CauseChart({ diagnosis, verdict }: CauseBoxProps) {
  const { diagnose: text } = useMessages();
  const data = useMemo(
    () =>
      causeLine(diagnosis, verdict, {
        baseline: text.baselineMark,
        began: (ms) => text.began(formatClock(ms).slice(0, 5)),
        name: subjectName(verdict.subject),
      }),
    [diagnosis, verdict, text],
  );
  if (data === undefined) return <p className={styles['dim']}>{text.noLine}</p>;
  return (
    <div className={styles['plot']}>
      <LineChart
        data={data}
        label={text.lineOf(subjectName(verdict.subject))}
        emptyReason={text.noLine}
        heightPx={chartHeightPx}
      />
    </div>
  );
}

function EvidenceList({ verdict }: { readonly verdict: Verdict }) {
  const { diagnose: text } = useMessages();
  return (
    <table className={styles['evidence']} aria-label={text.evidence}>
      <tbody>
        {evidenceRows(verdict, text).map(({ baseline, isFor, key, measure, now, of }) => (
          <tr key={key} data-for={isFor || undefined}>
            <th scope="row">
              {measure} {of !== '' && <small>{of}</small>}
            </th>
            <td>
              {baseline ?? '–'} → <b>{now ?? '–'}</b>
            </td>
            <td>
              <i
                title={isFor ? text.speaksFor : text.speaksAgainst}
                role="img"
                aria-label={isFor ? text.speaksFor : text.speaksAgainst}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
