import { fillSentence, type SentenceValues } from './sentence.ts';
import styles from './diagnose.module.css';

/** Of a statement: enough to know it by; its title has the whole. */
const statementLength = 160;

/** Statements as code, all else that is filled in bold. */
export function Sentence({ template, values }: { readonly template: string; readonly values: SentenceValues }) {
  return fillSentence(template, values).map(({ of, text }, index) => {
    if (of === undefined) return text;
    if (of !== 'statement') return <b key={index}>{text}</b>;
    return (
      <code key={index} className={styles['statement']} title={text}>
        {text.length > statementLength ? `${text.slice(0, statementLength)}…` : text}
      </code>
    );
  });
}
