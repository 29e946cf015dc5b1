import { useMessages } from '../base/messages/use-messages.tsx';
import { useApi } from '../base/use-api.ts';
import { useEnvironment } from '../base/use-environment.ts';
import { FilterSelect } from '../widgets/filter-input.tsx';
import styles from './shell.module.css';

const all = '';

/** Which environment every page looks at. Where there is only one there is nothing to choose. */
export function EnvironmentPicker() {
  const { environment: text } = useMessages();
  const { environment, setEnvironment } = useEnvironment();
  const { data } = useApi('getInventory', { query: { limit: 1 } }, { timed: false, everywhere: true });
  const known = (data?.environments ?? []).filter((one) => one !== '');
  const names = environment === undefined || known.includes(environment) ? known : [environment, ...known];
  if (names.length < 2 && environment === undefined) return null;
  return (
    <span className={styles['environment']}>
      <FilterSelect
        label={text.label}
        value={environment ?? all}
        options={[{ value: all, text: text.all }, ...names.map((name) => ({ value: name, text: name }))]}
        onChange={(name) => setEnvironment(name === all ? undefined : name)}
      />
    </span>
  );
}
