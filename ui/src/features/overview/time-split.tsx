import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, formatRatio, quantityText } from '../../base/quantity.ts';
import { Swatch } from '../../widgets/tag.tsx';
import { type TimeShare, timeParts } from './overview-rows.ts';
import styles from './overview.module.css';

/** One bar: the parts of a critical path, each as wide as its share. */
export function TimeSplit({ time }: { readonly time: readonly TimeShare[] }) {
  const { overview: text } = useMessages();
  const said = time.map(
    ({ part, share, ns }) => `${text[part]} ${quantityText(formatRatio(share))} (${quantityText(formatDuration(ns))})`,
  );
  return (
    <div className={styles['split']} role="img" aria-label={said.join(', ')} title={said.join('\n')}>
      {time.map(({ part, color, share }) => (
        <i key={part} style={{ width: `${share * 100}%`, background: `var(--c${color})` }} />
      ))}
    </div>
  );
}

export function TimeLegend() {
  const { overview: text } = useMessages();
  return (
    <span className={styles['legend']}>
      {text.worst} · {text.goesTo}
      {timeParts.map(({ part, color }) => (
        <span key={part}>
          <Swatch color={color} />
          {text[part]}
        </span>
      ))}
    </span>
  );
}
