import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import { kindIcons } from './map-node-card.tsx';
import { defaultSlowMs } from './url.ts';
import styles from './map.module.css';

export function Legend({ slowMs = defaultSlowMs }: { readonly slowMs?: number | undefined }) {
  const { map: text } = useMessages();
  const shown = ['service', 'endpoint', 'database', 'queue', 'remote'] as const;
  return (
    <footer className={styles['legend']} aria-label={text.legend}>
      <span>
        <i data-part="ok" />
        {text.ok}
      </span>
      <span>
        <i data-part="slow" />
        {text.slow(quantityText(formatDuration(slowMs * 1e6)))}
      </span>
      <span>
        <i data-part="failed" />
        {text.failed}
      </span>
      <span>
        <svg width={34} height={10} aria-hidden>
          {[1.2, 3.4, 5.6].map((width, index) => (
            <line key={width} x1={index * 12} x2={index * 12 + 10} y1={5} y2={5} strokeWidth={width} />
          ))}
        </svg>
        {text.legendRate}
      </span>
      <span>
        <svg width={34} height={10} aria-hidden>
          {['quiet', 'warn', 'bad'].map((tone, index) => (
            <line key={tone} data-tone={tone} x1={index * 12} x2={index * 12 + 10} y1={5} y2={5} strokeWidth={2.5} />
          ))}
        </svg>
        {text.legendErrors}
      </span>
      {shown.map((kind) => {
        const Icon = kindIcons[kind];
        return (
          <span key={kind}>
            <Icon size={13} stroke={1.6} aria-hidden />
            {text.kinds[kind]}
          </span>
        );
      })}
    </footer>
  );
}
