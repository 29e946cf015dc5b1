import { getRouteApi } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import { Chip } from '../../widgets/chip.tsx';
import layout from '../../widgets/layout.module.css';
import widgets from '../../widgets/widgets.module.css';
import type { TracesUrl } from './url.ts';

const filterKeys = ['q', 'service', 'name', 'host', 'statement', 'status', 'minMs', 'maxMs', 'attribute'] as const;

export function isFiltered(url: TracesUrl): boolean {
  return filterKeys.some((key) => url[key] !== undefined);
}

const route = getRouteApi('/traces');

/** Filters that came with a link from another page, each with a way to be rid of it. */
export function FilterChips({ url }: { readonly url: TracesUrl }) {
  const { common, traces: text } = useMessages();
  const navigate = route.useNavigate();
  const set = (change: { [K in keyof TracesUrl]?: TracesUrl[K] | undefined }) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) });
  const chips = [
    { key: 'service', name: text.filterService, value: url.service },
    { key: 'name', name: text.filterName, value: url.name },
    { key: 'host', name: text.filterHost, value: url.host },
    { key: 'statement', name: text.filterStatement, value: url.statement },
    { key: 'status', name: text.filterStatus, value: url.status && (url.status === 'ok' ? text.statusOk : text.statusError) },
    { key: 'minMs', name: text.minDuration, value: durationText(url.minMs) },
    { key: 'maxMs', name: text.maxDuration, value: durationText(url.maxMs) },
  ].filter(({ value }) => value !== undefined);
  if (chips.length === 0 && url.attribute === undefined) return null;
  return (
    <div className={layout['toolbar']}>
      {chips.map(({ key, name, value = '' }) => (
        <Chip key={key} name={name} value={value} onRemove={() => set({ [key]: undefined })} />
      ))}
      {url.attribute?.map((one) => {
        const at = one.indexOf('=');
        const rest = url.attribute?.filter((other) => other !== one) ?? [];
        return (
          <Chip
            key={one}
            name={`${one.slice(0, at)} =`}
            value={one.slice(at + 1)}
            onRemove={() => set({ attribute: rest.length > 0 ? rest : undefined })}
          />
        );
      })}
      <button
        type="button"
        className={widgets['link']}
        onClick={() => set(Object.fromEntries(filterKeys.map((key) => [key, undefined])))}
      >
        {common.clearAll}
      </button>
    </div>
  );
}

export function durationText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : quantityText(formatDuration(ms * 1e6));
}
