import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import widgets from '../../widgets/widgets.module.css';
import type { MapNode } from './map-graph.ts';
import { middlewareOf } from './middleware-of.ts';

/** What the node is as middleware that reports itself; of a loopback address several. */
export function MiddlewareLinks({ node }: { readonly node: MapNode }) {
  const { nav } = useMessages();
  const isCalled = node.kind === 'database' || node.kind === 'queue' || node.kind === 'remote';
  const query = useApi('listMiddleware', {}, { enabled: isCalled });
  const found = isCalled && query.data ? middlewareOf(node, query.data.items) : [];
  return found.map(({ address, id }) => (
    <Link key={id} to="/middleware/$id" params={{ id }} className={widgets['pill']} title={id}>
      {found.length === 1 ? nav.middleware : address}
    </Link>
  ));
}
