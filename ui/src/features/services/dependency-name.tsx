import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useServiceColors } from '../../base/use-service-colors.ts';
import { NameLink } from '../../widgets/name-link.tsx';
import type { DependencyRow } from './dependency-rows.ts';

const rankedAs = { database: 'statement', queue: 'queue', remote: 'remote' } as const;

/** Leads to what lies behind it: the service, or its statements, queues and remotes in the ranking. */
export function DependencyName({ row: { kind, label }, service }: { readonly row: DependencyRow; readonly service: string }) {
  const { serviceParts: text } = useMessages();
  const colorOf = useServiceColors();
  if (kind === 'own') {
    return (
      <Link to="/top" search={{ of: undefined, service, time: 'self' }}>
        {text.ownCode}
      </Link>
    );
  }
  if (kind === 'service' || kind === 'endpoint') {
    return (
      <NameLink color={colorOf(label)} name={label}>
        <Link to="/services/$service" params={{ service: label }}>
          {label}
        </Link>
      </NameLink>
    );
  }
  return (
    <NameLink name={label}>
      <Link to="/top" search={{ of: rankedAs[kind], service }}>
        {label}
      </Link>
    </NameLink>
  );
}
