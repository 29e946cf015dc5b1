import type { Diagnosis } from '@sonde/api';
import { getRouteApi } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatRatio, quantityText } from '../../base/quantity.ts';
import { Card } from '../../widgets/card.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { AddedPanel } from './added-panel.tsx';
import { CauseBox } from './cause-box.tsx';
import { changeRows } from './change-rows.ts';
import { ChangeList } from './change-list.tsx';
import styles from './diagnose.module.css';
import { Headline } from './headline.tsx';
import { ImpactBox } from './impact-box.tsx';
import { PartPanel } from './part-panel.tsx';
import { NothingToSay } from './nothing-to-say.tsx';
import { PropagationBox } from './propagation-box.tsx';
import { RemedyBox } from './remedy-box.tsx';
import { outcomeOf } from './symptom-view.ts';
import { chosenVerdict, subjectName, verdictKey as keyOf } from './verdict-view.ts';

const route = getRouteApi('/diagnose');

interface DiagnosisViewProps {
  readonly diagnosis: Diagnosis;
  readonly verdictKey: string | undefined;
}

export function DiagnosisView({ diagnosis, verdictKey }: DiagnosisViewProps) {
  const { diagnose: text } = useMessages();
  const navigate = route.useNavigate();
  const { part, symptom, verdicts } = diagnosis;
  const outcome = outcomeOf(diagnosis);
  const chosen = outcome === 'caused' ? chosenVerdict(verdicts, verdictKey) : undefined;
  const isKnown = outcome !== 'no requests' && outcome !== 'no baseline';
  return (
    <>
      <Headline diagnosis={diagnosis} sinceMs={chosen?.sinceMs ?? null} />
      {part && (
        <PartPanel part={part} through={{ api: symptom.name ?? symptom.service, isWorse: symptom.problems.length > 0 }} />
      )}
      {isKnown && <AddedPanel diagnosis={diagnosis} chosen={chosen} />}
      {verdicts.length > 1 && chosen && (
        <PillChoice
          label={text.verdicts}
          value={keyOf(chosen)}
          options={verdicts.map((verdict) => ({
            value: keyOf(verdict),
            text: `${text.causes[verdict.cause].name} · ${subjectName(verdict.subject)} ${quantityText(formatRatio(verdict.share))}`,
            hint: text.explainsHint,
          }))}
          onChange={(verdict) => void navigate({ search: (previous) => ({ ...previous, verdict }) })}
        />
      )}
      {chosen ? (
        <div className={styles['boxes']}>
          <CauseBox diagnosis={diagnosis} verdict={chosen} />
          <PropagationBox diagnosis={diagnosis} verdict={chosen} />
          <ImpactBox diagnosis={diagnosis} verdict={chosen} />
          <RemedyBox verdict={chosen} />
        </div>
      ) : (
        <NothingToSay diagnosis={diagnosis} outcome={outcome} />
      )}
      {diagnosis.changes.length > 0 && (
        <Card title={text.changes} note={text.changesHint}>
          <ChangeList label={text.changes} rows={changeRows(diagnosis.changes, text)} leadsTo="page" />
        </Card>
      )}
    </>
  );
}
