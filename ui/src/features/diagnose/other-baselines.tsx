import type { Diagnosis } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import widgets from '../../widgets/widgets.module.css';
import { useBaseline } from './baseline-picker.tsx';
import styles from './diagnose.module.css';
import { baselinePresets, presetOf } from './periods.ts';

interface OtherBaselinesProps {
  readonly periods: Pick<Diagnosis, 'baseline' | 'range'>;
}

/** What else it could be compared with. */
export function OtherBaselines({ periods: { baseline, range } }: OtherBaselinesProps) {
  const { diagnose: text } = useMessages();
  const choose = useBaseline(range);
  const current = presetOf(range, baseline);
  return (
    <div className={styles['tags']} role="group" aria-label={text.compareInstead}>
      <span>{text.compareInstead}</span>
      {baselinePresets
        .filter((preset) => preset !== current)
        .map((preset) => (
          <button key={preset} type="button" className={widgets['pill']} onClick={() => choose(preset)}>
            {text.baselines[preset]}
          </button>
        ))}
    </div>
  );
}
