import type { DiagnosisPart } from '@sonde/api';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import styles from './diagnose.module.css';
import { partFigures } from './part-view.ts';
import { Sentence } from './sentence-text.tsx';

interface PartPanelProps {
  readonly part: DiagnosisPart;
  /** The API through which the part is looked at, and whether it got worse; undefined: none passes there. */
  readonly through: { readonly api: string; readonly isWorse: boolean } | undefined;
}

/** What was asked for: its own figures, and who passes through it. */
export function PartPanel({ part, through }: PartPanelProps) {
  const { diagnose: text } = useMessages();
  const { apis, kind, others, statement } = part;
  const figures = partFigures(part, text);
  const title = text.partTitles[kind];
  const more = apis - 1 - others.length;
  return (
    <section className={styles['panel']} aria-label={title}>
      <h2>{title}</h2>
      {statement !== undefined && statement.text !== '' && <pre className={styles['asked']}>{statement.text}</pre>}
      {figures.length === 0 ? (
        <p className={styles['dim']}>{kind === 'host' ? text.noHostFigures : text.noPartFigures}</p>
      ) : (
        <ul className={styles['partFigures']} aria-label={text.figures}>
          {figures.map(({ baseline, isWorse, key, measure, now }) => (
            <li key={key} data-worse={isWorse || undefined}>
              {measure}{' '}
              <span>
                {baseline} → <b>{now}</b>
              </span>
            </li>
          ))}
        </ul>
      )}
      {through && (
        <p className={styles['through']}>
          <span>
            <Sentence
              template={apis === 1 ? text.throughOnly : through.isWorse ? text.throughWorst : text.throughMost}
              values={{ api: through.api, apis: String(apis) }}
            />
          </span>
          {others.length > 0 && (
            <span>
              {text.throughOthers}{' '}
              {others.map(({ name, service }, index) => (
                <span key={JSON.stringify([service, name])}>
                  {index > 0 && ' · '}
                  <Link to="/diagnose" search={{ service, name }} title={`${service} ${name}`}>
                    {name}
                  </Link>
                </span>
              ))}
              {more > 0 && ` ${text.throughMore(more)}`}
            </span>
          )}
        </p>
      )}
    </section>
  );
}
