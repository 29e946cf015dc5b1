import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import layout from '../../widgets/layout.module.css';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import widgets from '../../widgets/widgets.module.css';
import styles from './capacity.module.css';
import { factorsOffered, readFactor } from './url.ts';

const route = getRouteApi('/capacity');
const apisMax = 1000;
const defaultFactor = 2;

/** Which API gets how many times its requests. */
export function WhatIfBar() {
  const { capacity: text } = useMessages();
  const { factor = defaultFactor, name, service } = route.useSearch();
  const navigate = route.useNavigate();
  const apis = useApi('getTop', { query: { by: 'volume', of: 'api', limit: apisMax } });
  const chosen = service !== undefined && name !== undefined ? JSON.stringify([service, name]) : '';
  const options = useMemo(() => {
    const keys = (apis.data?.items ?? []).map(({ key }) => JSON.stringify([key.service, key.name]));
    return chosen === '' || keys.includes(chosen) ? keys : [chosen, ...keys];
  }, [apis.data, chosen]);
  const setFactor = (next: number) => void navigate({ replace: true, search: (previous) => ({ ...previous, factor: next }) });
  return (
    <div className={layout['toolbar']} role="group" aria-label={text.whatIf}>
      <span className={layout['word']}>{text.whatIf}</span>
      <select
        className={`${widgets['pill']} ${styles['select']}`}
        aria-label={text.api}
        value={chosen}
        onChange={({ currentTarget: { value } }) => {
          const [ofService, ofName] = value === '' ? [] : (JSON.parse(value) as [string, string]);
          void navigate({
            search: (previous) => ({
              ...previous,
              row: undefined,
              service: ofService,
              name: ofName,
              factor: ofService === undefined ? undefined : factor,
            }),
          });
        }}
      >
        <option value="">{text.chooseApi}</option>
        {options.map((key) => (
          <option key={key} value={key}>
            {(JSON.parse(key) as string[]).join(' · ')}
          </option>
        ))}
      </select>
      {chosen !== '' && (
        <>
          <PillChoice
            label={text.factor}
            value={String(factor)}
            options={factorsOffered.map((value) => ({ value, text: `×${value}` }))}
            onChange={(value) => setFactor(Number(value))}
          />
          <TypedFactor key={factor} factor={factor} onFactor={setFactor} />
        </>
      )}
    </div>
  );
}

/** Any other, taken over with Enter or when it is left; what is no factor goes back to the one in force. */
function TypedFactor({ factor, onFactor }: { readonly factor: number; readonly onFactor: (factor: number) => void }) {
  const { capacity: text } = useMessages();
  const [typed, setTyped] = useState(`×${factor}`);
  const take = () => {
    const next = readFactor(typed);
    if (next === undefined) setTyped(`×${factor}`);
    else if (next !== factor) onFactor(next);
  };
  return (
    <input
      className={`${widgets['pill']} ${styles['typed']}`}
      aria-label={text.typed}
      inputMode="decimal"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
    />
  );
}
