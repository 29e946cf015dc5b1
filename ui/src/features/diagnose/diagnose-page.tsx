import { getRouteApi } from '@tanstack/react-router';
import { Chooser } from './chooser.tsx';
import { SymptomPage } from './symptom-page.tsx';
import { partOf } from './url.ts';

const route = getRouteApi('/diagnose');

/** From "it is slow" to what made it so. */
export function DiagnosePage() {
  const url = route.useSearch();
  const part = partOf(url);
  if (url.service === undefined && part === undefined) return <Chooser url={url} />;
  return <SymptomPage key={JSON.stringify([url.service, url.name, part])} url={url} />;
}
