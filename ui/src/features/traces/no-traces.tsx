import { getRouteApi } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useEnvironment } from '../../base/use-environment.ts';
import { useTimeRange } from '../../base/use-time-range.ts';
import { EmptyState, SendSomething } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { isFiltered } from './filter-chips.tsx';
import { conditionsOf, withoutCondition } from './search-edit.ts';
import { boxOf, boxUrl, type TracesUrl } from './url.ts';

const route = getRouteApi('/traces');
const widerRange = '24h';

/** Nothing was found: what was looked for, and each way to look for more. */
export function NoTraces({ url }: { readonly url: TracesUrl }) {
  const { traces: text, range: ranges, environment: environments, common } = useMessages();
  const { range, setRange } = useTimeRange();
  const { environment, setEnvironment } = useEnvironment();
  const navigate = route.useNavigate();
  const { q } = url;
  const box = boxOf(url);
  if (!isFiltered(url) && !box && environment === undefined) {
    return <SendSomething reason={text.noneAtAll} what="service" />;
  }
  const conditions = q === undefined ? [] : conditionsOf(q);
  const search = (next: string) => void navigate({ search: (previous) => ({ ...previous, q: next || undefined }) });
  const isWide = range.kind === 'relative' && (range.last === widerRange || range.last === '7d');
  return (
    <EmptyState reason={text.none}>
      {q !== undefined && <code className={widgets['command']}>{q}</code>}
      <p>{text.widen}</p>
      <span className={widgets['pills']} style={{ flexWrap: 'wrap', justifyContent: 'center' }}>
        {box && (
          <Way
            text={text.clearBox}
            onClick={() => void navigate({ search: (previous) => ({ ...previous, ...boxUrl(undefined) }) })}
          />
        )}
        {!isWide && <Way text={ranges.last[widerRange]} onClick={() => setRange({ kind: 'relative', last: widerRange })} />}
        {environment !== undefined && <Way text={environments.all} onClick={() => setEnvironment(undefined)} />}
        {q !== undefined &&
          conditions.length > 1 &&
          conditions.map((one) => <Way key={one} text={text.without(one)} onClick={() => search(withoutCondition(q, one))} />)}
        {conditions.length === 1 && <Way text={common.clear} onClick={() => search('')} />}
      </span>
    </EmptyState>
  );
}

function Way({ text, onClick }: { readonly text: string; readonly onClick: () => void }) {
  return (
    <button type="button" className={widgets['pill']} onClick={onClick}>
      {text}
    </button>
  );
}
