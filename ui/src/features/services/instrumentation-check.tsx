import type { ServiceDetail } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Card } from '../../widgets/card.tsx';
import { Command, hostAgentCommand, instrumentCommand } from '../../widgets/states.tsx';
import { checkedParts, instrumentation } from './instrumentation.ts';
import styles from './services.module.css';

/** Which parts of the picture a service sends, and how to send what is missing; nothing where all is there. */
export function InstrumentationCheck({ detail }: { readonly detail: ServiceDetail }) {
  const { serviceParts: text } = useMessages();
  const sent = instrumentation(detail);
  if (checkedParts.every((part) => sent[part])) return null;
  return (
    <Card title={text.check}>
      <ul className={styles['check']}>
        {checkedParts.map((part) => (
          <li key={part} data-missing={!sent[part] || undefined}>
            <b>{sent[part] ? text.sends(text.parts[part]) : text.lacks(text.parts[part])}</b>
            {!sent[part] && (
              <>
                <p>{text.how[part]}</p>
                <Command text={part === 'host' ? hostAgentCommand() : instrumentCommand()} />
              </>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
