import type { Diagnosis, Verdict } from '@sonde/api';
import { Link } from '@tanstack/react-router';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatRate, formatRatio, quantityText } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import { Box } from './box.tsx';
import styles from './diagnose.module.css';
import { affectedShare, impactRows } from './impact-view.ts';
import { partTitle } from './part-view.ts';
import { sentenceText } from './sentence.ts';
import { partSearch } from './url.ts';
import { impactSubject } from './verdict-view.ts';

const apisMax = 1000;
const shown = 8;

interface ImpactBoxProps {
  readonly diagnosis: Diagnosis;
  readonly verdict: Verdict;
}

/** Whom the cause hurts besides the symptom; of a part that was asked for, all that pass there. */
export function ImpactBox({ diagnosis: { baseline, part }, verdict: { subject } }: ImpactBoxProps) {
  const { diagnose: text } = useMessages();
  const of = part ? partSearch(part) : impactSubject(subject);
  // A database or an instance is asked for by the service it belongs to: then that is said.
  const isOther = 'service' in of && of.service !== undefined && subject.kind !== 'service';
  const said = part ? partTitle(part, text) : isOther ? of.service : undefined;
  const impact = useApi('getImpact', {
    query: { ...of, limit: apisMax, baselineFrom: String(baseline.fromMs), baselineTo: String(baseline.toMs) },
  });
  return (
    <Box of="impact" title={text.impact}>
      {said !== undefined && <p className={styles['dim']}>{text.impactOf(said)}</p>}
      <Loaded query={impact} heightPx={32 * 4}>
        {(data) => <Hurt data={data} />}
      </Loaded>
    </Box>
  );
}

function Hurt({ data }: { readonly data: Reply<'getImpact'> }) {
  const { diagnose: text } = useMessages();
  const overview = useApi('getOverview', { query: { limit: apisMax } });
  const rows = impactRows(data.apis, data.range);
  if (rows.length === 0) return <p className={styles['dim']}>{text.impactNone}</p>;
  const all = overview.data && {
    count: overview.data.layers.apis.count,
    requests: overview.data.apis.reduce((sum, { requests }) => sum + requests, 0),
  };
  return (
    <>
      <ul className={styles['hurt']} aria-label={text.apisHit}>
        {rows.slice(0, shown).map(({ key, name, requestsPerSecond, service, share }) => (
          <li key={key} title={`${service} ${name}\n${text.affected(quantityText(formatRatio(share)))}`}>
            <Link to="/diagnose" search={{ service, name }}>
              {name}
            </Link>
            <QuantityText of={formatRate(requestsPerSecond)} tone="quiet" />
            <ShareBar share={share} tone="bad" />
          </li>
        ))}
      </ul>
      <p>
        {all
          ? sentenceText(text.impactSaid, {
              apis: String(rows.length),
              all: String(Math.max(all.count, rows.length)),
              share: quantityText(formatRatio(affectedShare(data.apis, all))),
            })
          : text.impactSaidShort(String(rows.length))}
      </p>
    </>
  );
}
