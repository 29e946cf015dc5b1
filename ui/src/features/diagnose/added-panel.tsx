import type { Diagnosis, DiagnosisSubject, Verdict } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import type { Messages } from '../../base/messages/en.ts';
import { formatDuration, formatRatio, quantityText } from '../../base/quantity.ts';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { addedBar, type BarPart, type PartTone } from './bar-view.ts';
import styles from './diagnose.module.css';
import { sentenceText } from './sentence.ts';
import { statementLabel } from './statement-label.ts';
import { notKnown, ruledOut } from './symptom-view.ts';
import { subjectName } from './verdict-view.ts';

interface AddedPanelProps {
  readonly diagnosis: Diagnosis;
  readonly chosen: Verdict | undefined;
}

/** Wide enough on most screens for its name inside. */
const namedInside = 0.16;

const ns = (value: number) => quantityText(formatDuration(value));

/** Where the time went that was added, and what had nothing to do with it. */
export function AddedPanel({ diagnosis, chosen }: AddedPanelProps) {
  const { diagnose: text } = useMessages();
  const { addedNs, bar, faster } = addedBar(diagnosis, chosen);
  const isSlower = diagnosis.symptom.problems.includes('slower') && addedNs > 0;
  const title = isSlower ? text.added(ns(addedNs)) : text.addedNone;
  return (
    <section className={styles['panel']} aria-label={title}>
      <h2 title={text.addedHint}>{title}</h2>
      {isSlower && (
        <>
          <div className={styles['bar']} aria-hidden>
            {bar.map((part) => (
              <span
                key={part.key}
                style={{ width: `${part.share * 100}%`, ['--part' as string]: toneColor(part.tone) }}
                title={`${partName(part.subject, text)}: +${ns(part.deltaNs)} (${shareText(part)})`}
              >
                <b>
                  {partName(part.subject, text)} {shareText(part)}
                </b>
              </span>
            ))}
          </div>
          <ul className={styles['legend']}>
            {bar.map((part) => (
              <li key={part.key} data-inside={part.share >= namedInside || undefined}>
                <i style={{ background: toneColor(part.tone) }} aria-hidden />
                {partName(part.subject, text)} <b>{shareText(part)}</b> +{ns(part.deltaNs)}
              </li>
            ))}
            {faster.length > 0 && (
              <li>
                {text.faster} {faster.map((part) => `${partName(part.subject, text)} −${ns(-part.deltaNs)}`).join(' · ')}
              </li>
            )}
          </ul>
          <details className={styles['figures']}>
            <summary>{text.figures}</summary>
            <PartTable title={title} parts={[...bar, ...faster]} />
          </details>
        </>
      )}
      <RuledOutLine diagnosis={diagnosis} />
    </section>
  );
}

function PartTable({ parts, title }: { readonly parts: readonly BarPart[]; readonly title: string }) {
  const { diagnose: text } = useMessages();
  return (
    <table aria-label={title}>
      <thead>
        <tr>
          <th scope="col">
            {text.part} <small>{text.perRequest}</small>
          </th>
          <th scope="col">{text.before}</th>
          <th scope="col">{text.now}</th>
          <th scope="col">{text.change}</th>
          <th scope="col">{text.share}</th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <tr key={part.key}>
            <th scope="row" title={part.subject?.statement?.text}>
              {partName(part.subject, text)}
              {part.subject?.statement && <code>{part.subject.statement.text}</code>}
            </th>
            <td>
              <QuantityText of={formatDuration(part.baselineNs)} />
            </td>
            <td>
              <QuantityText of={formatDuration(part.nowNs)} />
            </td>
            <td>
              {part.deltaNs < 0 ? '−' : '+'}
              <QuantityText of={formatDuration(Math.abs(part.deltaNs))} />
            </td>
            <td>{part.deltaNs < 0 ? '' : <QuantityText of={formatRatio(part.share)} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RuledOutLine({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const { diagnose: text } = useMessages();
  const out = ruledOut(diagnosis);
  const unknown = notKnown(diagnosis);
  return (
    <p className={styles['ruledOut']}>
      {out.length > 0 && (
        <span>
          {text.ruledOut}{' '}
          {out.map(({ detail, figures, of }, index) => (
            <span key={of} title={detail.join('\n')}>
              {index > 0 && ' · '}
              {text.resources[of]}
              {figures.length > 0 &&
                text.measured(figures.map(({ measure, now }) => sentenceText(shortOf(measure, text), { now })))}
            </span>
          ))}
        </span>
      )}
      {unknown.length > 0 && (
        <span>
          {text.notKnown} {unknown.map((of) => text.resources[of]).join(' · ')}
        </span>
      )}
    </p>
  );
}

function shortOf(measure: string, { measureShort }: Messages['diagnose']): string {
  const short: Readonly<Record<string, string>> = measureShort;
  return short[measure] ?? '{now}';
}

function partName(subject: DiagnosisSubject | null, text: Messages['diagnose']): string {
  if (subject === null) return text.unknownPart;
  const { kind, name, service } = subject;
  // The colour says that it is a database; its system would only take room.
  const values = { service, name: kind === 'call' ? name : subjectName({ ...subject, system: '' }) };
  const statement = statementLabel(subject.statement?.text ?? '');
  // A slow database has several, which their address does not tell apart.
  return statement === ''
    ? sentenceText(text.parts[kind], values)
    : sentenceText(text.knownStatement, { ...values, statement });
}

function shareText({ share }: BarPart): string {
  return quantityText(formatRatio(Math.round(share * 100) / 100));
}

function toneColor(tone: PartTone): string {
  if (tone === 'cause') return 'var(--bad)';
  return tone === 'unknown' ? 'var(--unknown)' : `var(--c${tone})`;
}
