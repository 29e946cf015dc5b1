import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { useMessages } from '../base/messages/use-messages.tsx';
import { PageTitle } from '../widgets/page-title.tsx';
import widgets from '../widgets/widgets.module.css';
import styles from './shell.module.css';

export function NotFound() {
  const { nav } = useMessages();
  return (
    <div className={styles['notFound']}>
      <PageTitle title="404" />
      <p>{nav.notFound}</p>
      <Link to="/services" className={widgets['link']}>
        {nav.services}
      </Link>
    </div>
  );
}

export function PageFailed({ error, reset }: ErrorComponentProps) {
  const { nav, common } = useMessages();
  return (
    <div className={styles['notFound']} role="alert">
      <strong>{nav.pageFailed}</strong>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" className={widgets['pill']} onClick={reset}>
        {common.retry}
      </button>
    </div>
  );
}
