import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { PageTitle } from '../../widgets/page-title.tsx';
import { Bones } from '../../widgets/loaded.tsx';
import { ErrorState } from '../../widgets/states.tsx';
import styles from './diagnose.module.css';
import { DiagnosisView } from './diagnosis-view.tsx';
import { mainProblem } from './symptom-view.ts';
import type { DiagnoseUrl } from './url.ts';

export function SymptomPage({ service, url }: { readonly service: string; readonly url: DiagnoseUrl }) {
  const { nav, diagnose: text } = useMessages();
  const { baselineFrom, baselineTo, name, verdict } = url;
  const query = useApi('getDiagnosis', {
    query: {
      service,
      ...(name !== undefined && { name }),
      ...(baselineFrom !== undefined &&
        baselineTo !== undefined && { baselineFrom: String(baselineFrom), baselineTo: String(baselineTo) }),
    },
  });
  const problem = query.data && mainProblem(query.data.symptom.problems);
  return (
    <>
      <PageTitle title={text.why[problem ?? 'none'](name ?? service)} crumb={<Link to="/diagnose">{nav.diagnose}</Link>} />
      {query.data ? (
        <div className={styles['page']} data-stale={query.isPlaceholderData || undefined}>
          <DiagnosisView diagnosis={query.data} verdictKey={verdict} />
        </div>
      ) : query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton />
      )}
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
