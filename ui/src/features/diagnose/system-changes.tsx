import { useState } from 'react';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { BaselinePicker } from './baseline-picker.tsx';
import { ChangeList } from './change-list.tsx';
import { changeRows } from './change-rows.ts';
import styles from './diagnose.module.css';
import { periodText } from './periods.ts';
import { baselineQuery, type DiagnoseUrl } from './url.ts';

const changesMax = 100;
/** The list of APIs below has to stay in sight. */
const shownMax = 8;

/** Everything that changed its state in the range, against the baseline: unless one was chosen, the period just before. */
export function SystemChanges({ url }: { readonly url: Pick<DiagnoseUrl, 'baselineFrom' | 'baselineTo'> }) {
  const { diagnose: text } = useMessages();
  const query = useApi('listChanges', { query: { limit: changesMax, ...baselineQuery(url) } });
  const { data } = query;
  const note = data && text.changedHint(periodText(data.range));
  return (
    <Card title={text.changed} note={note} aside={data && <BaselinePicker range={data.range} baseline={data.baseline} />}>
      <Loaded query={query} heightPx={32 * 3}>
        {(reply) => <Changes data={reply} />}
      </Loaded>
    </Card>
  );
}

function Changes({ data: { baseline, isTruncated, items, range, requests } }: { readonly data: Reply<'listChanges'> }) {
  const { diagnose: text } = useMessages();
  const [isWhole, setWhole] = useState(false);
  const rows = changeRows(items, text);
  if (rows.length === 0 && (requests.baseline === 0 || requests.now === 0)) {
    const period = requests.now === 0 ? range : baseline;
    return <EmptyState quiet reason={text.changedUnknown(periodText(period))} />;
  }
  if (rows.length === 0) {
    return (
      <EmptyState quiet reason={text.changedNone(periodText(baseline), periodText(range))}>
        <p>{text.changedNoneSaid}</p>
      </EmptyState>
    );
  }
  return (
    <>
      <ChangeList label={text.changed} rows={isWhole ? rows : rows.slice(0, shownMax)} leadsTo="diagnosis" />
      {rows.length > shownMax && (
        <div className={styles['moreChanges']}>
          <button type="button" className={widgets['pill']} aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? text.changedFewer : text.changedAll(String(rows.length))}
          </button>
          {isWhole && isTruncated && <span>{text.changedTruncated(String(rows.length))}</span>}
        </div>
      )}
    </>
  );
}
