import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../base/api-client.ts';
import { useMessages } from '../base/messages/use-messages.tsx';
import { ErrorState } from './states.tsx';
import styles from './widgets.module.css';

export interface LoadedProps<T> {
  readonly query: Pick<UseQueryResult<T, ApiError>, 'data' | 'error' | 'refetch'>;
  /** How much room the answer will take: as high as that, and nothing jumps when it comes. */
  readonly heightPx: number;
  readonly children: (data: T) => ReactNode;
}

/** The answer, or the place for it while it is on its way, or why it did not come. What is known already stays in sight when a refresh fails. */
export function Loaded<T>({ query, heightPx, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <Bones heightPx={heightPx} />;
}

export function Bones({ heightPx }: { readonly heightPx: number }) {
  const { common } = useMessages();
  const rows = Math.max(1, Math.floor(heightPx / 32));
  return (
    <div style={{ height: heightPx, overflow: 'hidden', padding: '0 12px' }} role="status" aria-label={common.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} style={{ height: 32, display: 'flex', alignItems: 'center' }}>
          <span className={styles['bone']} style={{ width: `${88 - ((index * 37) % 50)}%` }} />
        </div>
      ))}
    </div>
  );
}
