import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatDuration, quantityText } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { Chip } from '../../widgets/chip.tsx';
import layout from '../../widgets/layout.module.css';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { SearchBox } from '../../widgets/search-box.tsx';
import widgets from '../../widgets/widgets.module.css';
import { titleOfId } from './node-names.ts';
import { defaultHops, defaultSlowMs, headlines, hopsMax, mapLists, type MapUrl, slowChoicesMs } from './url.ts';
import { useSetMap } from './use-map.ts';
import styles from './map.module.css';

export interface MapToolbarProps {
  readonly url: MapUrl;
  readonly cycles: number | undefined;
  readonly found: number | undefined;
}

export function MapToolbar({ url, cycles, found }: MapToolbarProps) {
  const { map: text } = useMessages();
  const set = useSetMap();
  return (
    <div className={layout['toolbar']}>
      <SearchBox
        value={url.find ?? ''}
        onChange={(find) => set({ find: find || undefined }, true)}
        placeholder={text.find}
        widthPx={190}
      />
      {found !== undefined && (
        <span className={layout['word']} role="status">
          {text.found(quantityText(formatCount(found)))}
        </span>
      )}
      <PillChoice
        label={text.level}
        value={url.level ?? 'service'}
        options={[
          { value: 'service', text: text.services },
          { value: 'endpoint', text: text.endpoints },
        ]}
        // Nodes of one level are not those of the other.
        onChange={(level) =>
          set({ level: level === 'endpoint' ? level : undefined, focus: undefined, selected: undefined, expand: undefined })
        }
      />
      <ApiChoice url={url} />
      {url.focus !== undefined && (
        <>
          <Chip name={text.focus} value={titleOfId(url.focus)} onRemove={() => set({ focus: undefined, hops: undefined })} />
          <select
            className={styles['select']}
            aria-label={text.hops}
            value={url.hops ?? defaultHops}
            onChange={({ currentTarget }) => {
              const hops = Number(currentTarget.value);
              set({ hops: hops === defaultHops ? undefined : hops });
            }}
          >
            {Array.from({ length: hopsMax }, (_, index) => (
              <option key={index} value={index + 1}>{`${text.hops} ${index + 1}`}</option>
            ))}
          </select>
        </>
      )}
      {url.expand !== undefined && (
        <Chip name={text.expanded} value={url.expand} onRemove={() => set({ expand: undefined, selected: undefined })} />
      )}
      <span className={layout['grow']} />
      <span className={widgets['pills']} role="group" aria-label={text.lists}>
        {mapLists.map((list) => (
          <button
            key={list}
            type="button"
            className={widgets['pill']}
            aria-pressed={url.list === list}
            onClick={() => set({ list: url.list === list ? undefined : list, selected: undefined })}
          >
            {text[list]}
            {list === 'cycles' && cycles !== undefined && cycles > 0 && <small className={styles['badge']}>{cycles}</small>}
          </button>
        ))}
      </span>
      <PillChoice
        label={text.view}
        value={url.view ?? 'map'}
        options={[
          { value: 'map', text: text.asMap },
          { value: 'table', text: text.asTable },
        ]}
        onChange={(view) => set({ view: view === 'table' ? view : undefined })}
      />
    </div>
  );
}

/** What nodes show: in the header of the drawing. */
export function FigureChoices({ url }: { readonly url: MapUrl }) {
  const { map: text } = useMessages();
  const set = useSetMap();
  return (
    <>
      <select
        className={styles['select']}
        aria-label={text.headline}
        value={url.headline ?? 'rate'}
        onChange={({ currentTarget }) => {
          const next = headlines.find((one) => one === currentTarget.value);
          set({ headline: next === 'rate' ? undefined : next }, true);
        }}
      >
        {headlines.map((one) => (
          <option key={one} value={one}>
            {text[one]}
          </option>
        ))}
      </select>
      <select
        className={styles['select']}
        aria-label={text.slowFrom}
        value={url.slow ?? defaultSlowMs}
        onChange={({ currentTarget }) => {
          const slow = Number(currentTarget.value);
          set({ slow: slow === defaultSlowMs ? undefined : slow }, true);
        }}
      >
        {slowChoicesMs.map((ms) => (
          <option key={ms} value={ms}>{`${text.slowFrom} ${quantityText(formatDuration(ms * 1e6))}`}</option>
        ))}
      </select>
    </>
  );
}

const apisMax = 50;
const separator = '\n';

/** The busiest APIs, to follow one of them. */
function ApiChoice({ url: { apiName, apiService } }: { readonly url: MapUrl }) {
  const { map: text } = useMessages();
  const set = useSetMap();
  const { data } = useApi('getTop', { query: { by: 'volume', of: 'api', limit: apisMax } });
  const value = apiService === undefined || apiName === undefined ? '' : `${apiService}${separator}${apiName}`;
  const known = (data?.items ?? []).map(({ key: { name = '', service = '' } }) => `${service}${separator}${name}`);
  return (
    <select
      className={styles['select']}
      aria-label={text.api}
      title={text.apiHint}
      data-set={value !== '' || undefined}
      value={value}
      onChange={({ currentTarget }) => {
        const [service, name] = currentTarget.value.split(separator);
        set({ apiService: service || undefined, apiName: name, focus: undefined, selected: undefined });
      }}
    >
      <option value="">{text.allApis}</option>
      {[...new Set(value === '' ? known : [value, ...known])].map((one) => (
        <option key={one} value={one}>
          {one.replace(separator, ' ')}
        </option>
      ))}
    </select>
  );
}
