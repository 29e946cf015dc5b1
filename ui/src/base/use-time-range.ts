import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { type TimeRange, timeRangeOf, timeRangeUrl } from './time-range.ts';

/** The time range of the page, which is the URL's. */
export function useTimeRange() {
  const { range: last, from, to, live } = useSearch({ from: '__root__' });
  const navigate = useNavigate();
  const range = useMemo(() => timeRangeOf({ range: last, from, to }), [last, from, to]);
  const setRange = useCallback(
    (next: TimeRange) => void navigate({ to: '.', search: (previous) => ({ ...previous, ...timeRangeUrl(next) }) }),
    [navigate],
  );
  const setLive = useCallback(
    (next: boolean) =>
      void navigate({ to: '.', replace: true, search: (previous) => ({ ...previous, live: next || undefined }) }),
    [navigate],
  );
  return { range, setRange, live: live === true, setLive };
}
