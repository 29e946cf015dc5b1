import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatRatio } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import type { MapNode } from './map-graph.ts';
import { passingPart } from './passing-part.ts';
import { useSetMap } from './use-map.ts';
import styles from './map.module.css';

const shownMax = 8;

/** What an API's requests need this node for, and the way to look at one of them alone. */
export function PassingApis({ node }: { readonly node: MapNode }) {
  const { map: text } = useMessages();
  const set = useSetMap();
  const asked = passingPart(node);
  const query = useApi('getImpact', { query: { ...asked, limit: shownMax } }, { enabled: asked !== undefined });
  if (asked === undefined) return undefined;
  return (
    <section aria-label={text.apis}>
      <h3>{text.apis}</h3>
      <Loaded query={query} heightPx={96}>
        {({ apis }) =>
          apis.length === 0 ? (
            <p className={styles['nobody']}>{text.nobody}</p>
          ) : (
            <ul className={styles['edgeList']}>
              {apis.slice(0, shownMax).map((api) => (
                <li key={`${api.service} ${api.name}`}>
                  <button
                    type="button"
                    title={`${text.followApi}: ${api.service} ${api.name}`}
                    onClick={() => set({ apiService: api.service, apiName: api.name, focus: undefined })}
                  >
                    <span>
                      {api.name} <small>{api.service}</small>
                    </span>
                    <QuantityText of={formatRatio(api.share)} />
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
