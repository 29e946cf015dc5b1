import { useServiceColors } from '../../base/use-service-colors.ts';
import { Swatch } from '../../widgets/tag.tsx';
import styles from './selection.module.css';

/** Which service did what. */
export function OperationName({ service, name }: { readonly service: string; readonly name: string }) {
  const colorOf = useServiceColors();
  return (
    <span className={styles['where']} title={`${service} ${name}`}>
      <Swatch color={colorOf(service)} />
      {service} <small>{name}</small>
    </span>
  );
}
