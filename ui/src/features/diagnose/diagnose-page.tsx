import { getRouteApi } from '@tanstack/react-router';
import { Chooser } from './chooser.tsx';
import { SymptomPage } from './symptom-page.tsx';

const route = getRouteApi('/diagnose');

/** From "it is slow" to what made it so. */
export function DiagnosePage() {
  const url = route.useSearch();
  return url.service === undefined ? (
    <Chooser find={url.find ?? ''} />
  ) : (
    <SymptomPage key={JSON.stringify([url.service, url.name])} url={url} service={url.service} />
  );
}
