import type { ReactNode } from 'react';
import type { ApiError } from '../base/api-client.ts';
import { useMessages } from '../base/messages/use-messages.tsx';
import { CopyButton } from './copy-button.tsx';
import styles from './widgets.module.css';

/** Nothing to show, and why. `quiet`: one part of a page that has others. */
export function EmptyState({
  reason,
  children,
  quiet = false,
}: {
  readonly reason: string;
  readonly children?: ReactNode;
  readonly quiet?: boolean;
}) {
  return (
    <div className={styles['state']} data-quiet={quiet || undefined}>
      {quiet ? <p>{reason}</p> : <strong>{reason}</strong>}
      {children}
    </div>
  );
}

/** What to type so that there is something. */
export function Command({ text }: { readonly text: string }) {
  return (
    <span className={styles['command']}>
      {/* Scrolls sideways, by keyboard too. */}
      <code tabIndex={0}>{text}</code>
      <CopyButton text={text} />
    </span>
  );
}

/** The collector that serves this page, at OTLP's own port. */
function endpoint(): string {
  return `OTEL_EXPORTER_OTLP_ENDPOINT=http://${location.hostname}:4318`;
}

export function instrumentCommand(): string {
  return `${endpoint()} node --import @sonde/agent/register app.js`;
}

export function hostAgentCommand(): string {
  return `${endpoint()} npx sonde-host-agent`;
}

/** Nobody sent anything: the one line that changes it. */
export function SendSomething({ reason, what }: { readonly reason: string; readonly what: 'service' | 'host' }) {
  const { send } = useMessages();
  return (
    <EmptyState reason={reason}>
      <p>{what === 'service' ? send.instrument : send.host}</p>
      <Command text={what === 'service' ? instrumentCommand() : hostAgentCommand()} />
      <p>{send.widen}</p>
    </EmptyState>
  );
}

export function ErrorState({ error, onRetry }: { readonly error: ApiError; readonly onRetry: () => void }) {
  const { common } = useMessages();
  return (
    <div className={styles['state']} role="alert">
      <strong>{common.failed}</strong>
      <p>{error.status === 0 ? common.unreachable : error.message}</p>
      <button type="button" className={styles['pill']} onClick={onRetry}>
        {common.retry}
      </button>
    </div>
  );
}
