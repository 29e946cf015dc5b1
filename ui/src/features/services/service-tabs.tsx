import { getRouteApi } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import styles from './services.module.css';
import { type ServiceTab, serviceTabs } from './url.ts';

const route = getRouteApi('/services/$service');

export function ServiceTabs({ tab }: { readonly tab: ServiceTab }) {
  const { serviceParts: text } = useMessages();
  const navigate = route.useNavigate();
  return (
    <div className={styles['tabs']} role="tablist" aria-label={text.sections}>
      {serviceTabs.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          aria-selected={one === tab}
          onClick={() => void navigate({ search: (previous) => ({ ...previous, tab: one === 'summary' ? undefined : one }) })}
        >
          {text.tabs[one]}
        </button>
      ))}
    </div>
  );
}
