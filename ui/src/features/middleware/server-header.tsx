import { Link } from '@tanstack/react-router';
import type { MiddlewareSummary } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Figure, Figures } from '../../widgets/figures.tsx';
import { LastSeen } from '../../widgets/last-seen.tsx';
import widgets from '../../widgets/widgets.module.css';
import { FigureText, useTitles } from './figure-text.tsx';
import { callsSearch, diagnoseSearch, mapNode } from './middleware-rows.ts';
import styles from './middleware.module.css';
import { StateText } from './state-text.tsx';

export function ServerHeader({ summary }: { readonly summary: MiddlewareSummary }) {
  const { common, middleware: text, nav } = useMessages();
  const titleOf = useTitles();
  const { clients, figures, host, lastSeenMs, up, version } = summary;
  const [client] = clients;
  const q = callsSearch(clients);
  return (
    <div className={styles['header']}>
      <Figures>
        <Figure name={text.state}>
          <StateText up={up} />
        </Figure>
        {figures.map((figure) => (
          <Figure key={figure.id} name={titleOf(figure.id)}>
            <FigureText figure={figure} />
          </Figure>
        ))}
        {host !== null && (
          <Figure name={common.host}>
            <Link to="/hosts/$host" params={{ host }} className={widgets['link']}>
              {host}
            </Link>
          </Figure>
        )}
        {version !== '' && <Figure name={common.version}>{version}</Figure>}
        {lastSeenMs !== null && (
          <Figure name={common.lastSeen}>
            <LastSeen ms={lastSeenMs} />
          </Figure>
        )}
      </Figures>
      <span className={styles['links']}>
        {client && (
          <Link to="/diagnose" search={diagnoseSearch(client)} className={widgets['pill']}>
            {nav.diagnose}
          </Link>
        )}
        {client && (
          <Link to="/map" search={{ focus: mapNode(client), selected: mapNode(client) }} className={widgets['pill']}>
            {text.map}
          </Link>
        )}
        {q && (
          <Link to="/traces" search={{ q }} className={widgets['pill']}>
            {text.traces}
          </Link>
        )}
        {client && client.kind !== 'remote' && (
          <Link to="/top" search={{ of: client.kind === 'queue' ? 'queue' : 'statement' }} className={widgets['pill']}>
            {text.top}
          </Link>
        )}
      </span>
    </div>
  );
}
