import { getRouteApi } from '@tanstack/react-router';
import { parseDurationMs } from '../../base/duration-text.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { Chip } from '../../widgets/chip.tsx';
import { FilterInput, FilterSelect } from '../../widgets/filter-input.tsx';
import layout from '../../widgets/layout.module.css';
import widgets from '../../widgets/widgets.module.css';
import { TraceSearch } from './trace-search.tsx';
import type { TracesUrl } from './url.ts';

const filterKeys = ['q', 'service', 'name', 'host', 'statement', 'status', 'minMs', 'maxMs', 'attribute'] as const;

const route = getRouteApi('/traces');

export function TraceFilters({ url }: { readonly url: TracesUrl }) {
  const { common, traces: text } = useMessages();
  const navigate = route.useNavigate();
  const services = useApi('listServices', {}).data?.items.map(({ service }) => service);
  const hosts = useApi('listHosts', {}).data?.items.map(({ host }) => host);
  const set = (change: { [K in keyof TracesUrl]?: TracesUrl[K] | undefined }) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) });
  const setDuration = (key: 'minMs' | 'maxMs') => (typed: string) => {
    const ms = typed === '' ? undefined : parseDurationMs(typed);
    if (typed !== '' && ms === undefined) return false;
    set({ [key]: ms });
    return true;
  };
  const addAttribute = (typed: string) => {
    if (typed === '') return true;
    if (typed.indexOf('=') < 1) return false;
    set({ attribute: [...new Set([...(url.attribute ?? []), typed])] });
    return true;
  };
  const removeAttribute = (one: string) => {
    const rest = url.attribute?.filter((other) => other !== one) ?? [];
    set({ attribute: rest.length > 0 ? rest : undefined });
  };
  const filters = filterKeys.filter((key) => url[key] !== undefined);
  const clearAll = () => set(Object.fromEntries(filters.map((key) => [key, undefined])));
  return (
    <div className={layout['toolbar']} role="search">
      <TraceSearch value={url.q ?? ''} onApply={(q) => set({ q: q || undefined })} />
      <FilterInput
        label={text.filterService}
        value={url.service ?? ''}
        widthPx={164}
        {...(services && { suggestions: services })}
        onApply={(typed) => set({ service: typed || undefined })}
      />
      <FilterInput
        label={text.filterName}
        value={url.name ?? ''}
        widthPx={180}
        onApply={(typed) => set({ name: typed || undefined })}
      />
      <FilterInput
        label={text.filterHost}
        value={url.host ?? ''}
        widthPx={128}
        {...(hosts && { suggestions: hosts })}
        onApply={(typed) => set({ host: typed || undefined })}
      />
      <FilterSelect
        label={text.filterStatus}
        value={url.status ?? 'any'}
        options={[
          { value: 'any', text: text.anyStatus },
          { value: 'error', text: text.statusError },
          { value: 'ok', text: text.statusOk },
        ]}
        onChange={(status) => set({ status: status === 'any' ? undefined : status })}
      />
      <FilterInput
        label={text.minDuration}
        value={durationText(url.minMs)}
        placeholder="100 ms"
        widthPx={100}
        onApply={setDuration('minMs')}
      />
      <FilterInput
        label={text.maxDuration}
        value={durationText(url.maxMs)}
        placeholder="2 s"
        widthPx={100}
        onApply={setDuration('maxMs')}
      />
      <FilterInput
        label=""
        value=""
        placeholder={text.filterAttribute}
        widthPx={150}
        hint={text.attributeHint}
        onApply={addAttribute}
      />
      {url.statement !== undefined && (
        <Chip name={text.filterStatement} value={url.statement} onRemove={() => set({ statement: undefined })} />
      )}
      {url.attribute?.map((one) => {
        const at = one.indexOf('=');
        return (
          <Chip key={one} name={`${one.slice(0, at)} =`} value={one.slice(at + 1)} onRemove={() => removeAttribute(one)} />
        );
      })}
      {filters.length > 0 && (
        <button type="button" className={widgets['link']} onClick={clearAll}>
          {common.clearAll}
        </button>
      )}
    </div>
  );
}

function durationText(ms: number | undefined): string {
  return ms === undefined ? '' : quantityText(formatDuration(ms * 1e6));
}
