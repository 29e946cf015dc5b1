import { useMemo } from 'react';
import { assignColors, colorIndex } from './service-color.ts';
import { useApi } from './use-api.ts';

/** The colour of a service, the same on every page: given out over all services of the time range, so that up to eight never share one. */
export function useServiceColors(): (service: string) => number {
  const { data } = useApi('listServices', {}, { everywhere: true });
  // As text, so that a refresh which brings no other service changes nothing.
  const names = JSON.stringify(data?.items.map(({ service }) => service).toSorted() ?? []);
  return useMemo(() => {
    const colors = assignColors(JSON.parse(names) as string[]);
    return (service: string) => colors.get(service) ?? colorIndex(service);
  }, [names]);
}
