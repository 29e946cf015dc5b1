import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { TraceLinks } from '../../widgets/trace-links.tsx';
import type { TraceFilters } from './trace-filters.ts';

const shownMax = 5;
const lookedAtMax = 50;

/** `both`: services that must have taken part. */
export function SlowestTraces({
  filters,
  both,
}: {
  readonly filters: TraceFilters;
  readonly both?: readonly [string, string] | undefined;
}) {
  const { map: text } = useMessages();
  const query = useApi('listTraces', { query: { ...filters, sort: 'duration', limit: both ? lookedAtMax : shownMax } });
  return (
    <section>
      <h3>{both ? text.slowestBoth : text.slowest}</h3>
      <Loaded query={query} heightPx={32 * shownMax}>
        {({ items }) => {
          const shown = items
            .filter(({ services }) => !both || both.every((service) => services.some((one) => one.service === service)))
            .slice(0, shownMax);
          return shown.length === 0 ? <EmptyState quiet reason={text.noTraces} /> : <TraceLinks items={shown} />;
        }}
      </Loaded>
    </section>
  );
}
