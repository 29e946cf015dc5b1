import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { ImpactedApis } from '../../widgets/impacted-apis.tsx';
import { Loaded } from '../../widgets/loaded.tsx';

const shownMax = 50;

/** Who suffers when this machine does, and whether they do: against the same endpoints on other hosts. */
export function HostApis({ host }: { readonly host: string }) {
  const { host: text } = useMessages();
  const query = useApi('getImpact', { query: { host, limit: shownMax } });
  return (
    <Loaded query={query} heightPx={200}>
      {({ apis }) => <ImpactedApis title={text.apis} apis={apis} compared />}
    </Loaded>
  );
}
