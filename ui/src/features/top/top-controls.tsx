import { getRouteApi } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Chip } from '../../widgets/chip.tsx';
import layout from '../../widgets/layout.module.css';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import type { TopQuestion } from './top-rows.ts';
import { percentiles, rankedKinds, rankings, type TopUrl } from './url.ts';

const route = getRouteApi('/top');

export interface TopControlsProps {
  readonly question: TopQuestion;
  readonly service: string | undefined;
  readonly host: string | undefined;
}

export function TopControls({ question: { by, of, time, percentile }, service, host }: TopControlsProps) {
  const { common, top: text } = useMessages();
  const navigate = route.useNavigate();
  const set = (change: { [K in keyof TopUrl]?: TopUrl[K] | undefined }) =>
    void navigate({ search: (previous) => ({ ...previous, key: undefined, ...change }) });
  const hints = { volume: text.volumeHint, latency: text.latencyHint, hotspot: text.hotspotHint };
  const kindHints = {
    api: text.apiHint,
    endpoint: text.endpointHint,
    service: text.serviceHint,
    statement: text.statementHint,
    queue: text.queueHint,
    remote: text.remoteHint,
    host: text.hostHint,
  };
  return (
    <div className={layout['toolbar']}>
      <span className={layout['word']}>{text.rankBy}</span>
      <PillChoice
        label={text.rankBy}
        value={by}
        options={rankings.map((value) => ({ value, text: text[value], hint: hints[value] }))}
        onChange={(next) => set({ by: next === 'hotspot' ? undefined : next })}
      />
      <span className={layout['word']}>{text.of}</span>
      <PillChoice
        label={text.of}
        value={of}
        options={rankedKinds.map((value) => ({ value, text: text[value], hint: kindHints[value] }))}
        onChange={(next) => set({ of: next === 'endpoint' ? undefined : next })}
      />
      {service !== undefined && <Chip name={common.service} value={service} onRemove={() => set({ service: undefined })} />}
      {host !== undefined && <Chip name={common.host} value={host} onRemove={() => set({ host: undefined })} />}
      <span className={layout['grow']} />
      {by === 'hotspot' && (
        <PillChoice
          label={common.duration}
          value={time}
          options={[
            { value: 'inclusive', text: text.inclusive, hint: text.inclusiveHint },
            { value: 'self', text: text.self, hint: text.selfHint },
            { value: 'critical', text: text.critical, hint: text.criticalHint },
          ]}
          onChange={(next) => set({ time: next === 'inclusive' ? undefined : next })}
        />
      )}
      {by === 'latency' && (
        <PillChoice
          label={text.percentile}
          value={String(percentile)}
          options={percentiles.map((value) => ({ value: String(value), text: `p${value}` }))}
          onChange={(next) => set({ percentile: next === '95' ? undefined : Number(next) })}
        />
      )}
    </div>
  );
}
