import type { Span } from '@sonde/api';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Tag } from '../../widgets/tag.tsx';
import { fasterShare, percentText } from './peer-share.ts';
import { usePeers } from './use-trace.ts';

const slowShare = 0.95;

/** How a span's duration stands among those of its service and name in the hour up to it; leads to their distribution. */
export function PeerBadge({ span }: { readonly span: Span }) {
  const { trace: text } = useMessages();
  const { data } = usePeers(span);
  const share = data ? fasterShare(span.durationNs, data) : null;
  if (!data || share === null) return null;
  return (
    <Link to="/latency" search={{ service: span.service, name: span.name }}>
      <Tag {...(share >= slowShare && { tone: 'bad' as const })} title={text.peersHint(data.count)}>
        {text.slowerThan(percentText(share))}
      </Tag>
    </Link>
  );
}
