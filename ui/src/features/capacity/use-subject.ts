import type { CapacityItem } from '@sonde/api';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';

const hoursPerDay = 24;

/** A resource in words, and how long it lasts. */
export function useSubject() {
  const { capacity: text } = useMessages();
  return useMemo(
    () => ({
      subject: ({ name, part, resource }: Pick<CapacityItem, 'name' | 'part' | 'resource'>) =>
        text.subject[resource](part === null ? name : `${name} ${part}`),
      /** Days from two on, hours below: what ends tomorrow is not "in 1 day". */
      leftText: (days: number) => {
        if (days <= 0) return text.full;
        return days >= 2
          ? text.inDays(String(Math.floor(days)))
          : text.inHours(String(Math.max(1, Math.floor(days * hoursPerDay))));
      },
    }),
    [text],
  );
}
