import type { Diagnosis, Verdict } from '@sonde/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Box } from './box.tsx';
import { addedText, chainOf, type ChainTarget } from './chain-view.ts';
import styles from './diagnose.module.css';
import { mainProblem } from './symptom-view.ts';

interface PropagationBoxProps {
  readonly diagnosis: Diagnosis;
  readonly verdict: Verdict;
}

export function PropagationBox({ diagnosis, verdict }: PropagationBoxProps) {
  const { diagnose: text } = useMessages();
  const chain = chainOf(diagnosis, verdict);
  const slows = text.slows[mainProblem(diagnosis.symptom.problems) ?? 'slower'];
  return (
    <Box of="propagation" title={text.propagation}>
      <ol className={styles['chain']}>
        {chain.map(({ addedNs, factor, isCause, isSymptom, key, name, target }, index) => (
          <li key={key}>
            {index > 0 && <span className={styles['slows']}>{slows}</span>}
            <TargetLink target={target}>
              <span className={styles['node']} data-kind={isCause ? 'cause' : isSymptom ? 'symptom' : undefined}>
                <b title={name}>{name}</b>
                <small>{factor ?? (addedNs === undefined ? '\u00a0' : text.addedHere(addedText(addedNs)))}</small>
              </span>
            </TargetLink>
            <span className={styles['role']}>
              {[isCause && text.isCause, isSymptom && text.isSymptom].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ol>
    </Box>
  );
}

function TargetLink({ children, target }: { readonly target: ChainTarget; readonly children: ReactNode }) {
  switch (target.kind) {
    case 'service':
      return (
        <Link to="/services/$service" params={{ service: target.service }}>
          {children}
        </Link>
      );
    case 'endpoint':
      return (
        <Link to="/latency" search={{ service: target.service, name: target.name }}>
          {children}
        </Link>
      );
    case 'statement':
      return (
        <Link to="/latency" search={{ statement: target.hash }}>
          {children}
        </Link>
      );
    case 'host':
      return (
        <Link to="/hosts/$host" params={{ host: target.host }}>
          {children}
        </Link>
      );
    default:
      return (
        <Link to="/top" search={{ of: target.of }}>
          {children}
        </Link>
      );
  }
}
