import { completeSearch } from '@sonde/model';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import { useApi } from '../../base/use-api.ts';
import { type CompletionOption, completionOptions, type CompletionState } from './completion-state.ts';
import { readSearches } from './search-history.ts';

const typingMs = 120;
const choicesMax = 50;

/** The options at the caret. Keys and values are asked for when typing pauses; a question that is no longer asked is cancelled, its answer kept. */
export function useSearchCompletion(state: CompletionState): {
  readonly options: CompletionOption[];
  readonly isFetching: boolean;
} {
  const { wanted, key = '', prefix, choices } = completeSearch(state.text, state.caret);
  const [written] = useDebouncedValue(prefix, typingMs);
  const limit = choicesMax;
  const keys = useApi(
    'listSearchKeys',
    { query: { prefix: written, limit } },
    { enabled: state.open && wanted === 'key', keepRows: true },
  );
  const wantsValues = state.open && wanted === 'value' && choices.length === 0 && key !== '';
  const values = useApi(
    'listSearchValues',
    { query: { key, prefix: written, limit } },
    // An option that was stepped to must not vanish under Enter; values of another key are no answer, though.
    { enabled: wantsValues, keepRows: (before) => before['key'] === key },
  );
  const options = useMemo(
    () =>
      state.open
        ? completionOptions(state, { keys: keys.data?.items, values: values.data?.items, history: readSearches() })
        : [],
    [state, keys.data, values.data],
  );
  return { options, isFetching: wanted === 'key' ? keys.isFetching : wantsValues && values.isFetching };
}
