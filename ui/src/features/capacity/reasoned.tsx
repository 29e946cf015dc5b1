import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import type { Reason } from './capacity-rows.ts';

/** What is known; or a dash that says why it is not. */
export function Reasoned({ reason, children }: { readonly reason: Reason | null; readonly children: ReactNode }) {
  const { capacity: text } = useMessages();
  if (reason === null) return children === false ? '–' : children;
  return (
    <Tooltip label={text.reasons[reason]}>
      <span>–</span>
    </Tooltip>
  );
}
