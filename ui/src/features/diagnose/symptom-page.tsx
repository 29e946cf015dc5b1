import { Link } from '@tanstack/react-router';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { PageTitle } from '../../widgets/page-title.tsx';
import { Bones } from '../../widgets/loaded.tsx';
import { EmptyState, ErrorState } from '../../widgets/states.tsx';
import styles from './diagnose.module.css';
import { DiagnosisView } from './diagnosis-view.tsx';
import { OtherBaselines } from './other-baselines.tsx';
import { PartPanel } from './part-panel.tsx';
import { hasSymptom, partTitle } from './part-view.ts';
import { periodText } from './periods.ts';
import { mainProblem } from './symptom-view.ts';
import { baselineQuery, type DiagnoseUrl, partOf, partSearch } from './url.ts';

export function SymptomPage({ url }: { readonly url: DiagnoseUrl }) {
  const { nav } = useMessages();
  const { name, service, verdict } = url;
  const part = partOf(url);
  const query = useApi('getDiagnosis', {
    query: {
      ...(service === undefined ? part && partSearch(part) : { service, ...(name !== undefined && { name }) }),
      ...baselineQuery(url),
    },
  });
  const title = useTitle(url, query.data);
  return (
    <>
      <PageTitle title={title} crumb={<Link to="/diagnose">{nav.diagnose}</Link>} />
      {query.data ? (
        <div className={styles['page']} data-stale={query.isPlaceholderData || undefined}>
          {hasSymptom(query.data) ? (
            <DiagnosisView diagnosis={query.data} verdictKey={verdict} />
          ) : (
            <NobodyPasses reply={query.data} />
          )}
        </div>
      ) : query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton />
      )}
    </>
  );
}

function useTitle(url: DiagnoseUrl, reply: Reply<'getDiagnosis'> | undefined): string {
  const { diagnose: text } = useMessages();
  const { name, service = '' } = url;
  const asked = partOf(url);
  const symptom = reply?.symptom;
  if (asked) {
    const title = partTitle(reply?.part ?? asked, text);
    return symptom ? text.felt(title, symptom.name ?? symptom.service) : title;
  }
  return text.why[(symptom && mainProblem(symptom.problems)) ?? 'none'](name ?? service);
}

/** A part that is idle, or that nobody knows. */
function NobodyPasses({ reply: { baseline, part, range } }: { readonly reply: Reply<'getDiagnosis'> }) {
  const { diagnose: text } = useMessages();
  if (part === null) return null;
  return (
    <>
      <PartPanel part={part} through={undefined} />
      <div className={styles['panel']}>
        <EmptyState reason={text.nobodyPasses(partTitle(part, text), periodText(range), periodText(baseline))}>
          <p>{text.widen}</p>
          <OtherBaselines periods={{ baseline, range }} />
        </EmptyState>
      </div>
    </>
  );
}

/** As high as what comes. */
function Skeleton() {
  return (
    <div className={styles['page']}>
      <div className={styles['headline']} />
      <div className={styles['panel']}>
        <Bones heightPx={96} />
      </div>
      <div className={styles['boxes']} aria-hidden>
        {['cause', 'propagation', 'impact', 'remedy'].map((box) => (
          <div key={box} className={styles['box']} data-box={box}>
            <Bones heightPx={380} />
          </div>
        ))}
      </div>
    </div>
  );
}
