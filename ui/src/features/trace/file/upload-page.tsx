import type { Trace } from '@sonde/api';
import { IconFileUpload } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { useMessages } from '../../../base/messages/use-messages.tsx';
import { useServiceColors } from '../../../base/use-service-colors.ts';
import { PageTitle } from '../../../widgets/page-title.tsx';
import widgets from '../../../widgets/widgets.module.css';
import { TraceContent } from '../trace-content.tsx';
import { traceView } from '../trace-view.ts';
import { FileError, type FileProblem } from './fields.ts';
import { readTraceFile } from './read-trace-file.ts';
import styles from './upload.module.css';

const route = getRouteApi('/traces/$traceId');

interface Opened {
  readonly name: string;
  readonly traces: readonly Trace[];
  readonly problem?: FileProblem;
}

/** A trace from a file, shown as a stored one is. It never leaves the browser. */
export function UploadPage() {
  const { nav, traceViews: text } = useMessages();
  const navigate = route.useNavigate();
  const [opened, setOpened] = useState<Opened>();
  const [chosen, setChosen] = useState(0);
  const colorOf = useServiceColors();
  const trace = opened?.traces[chosen];
  const view = useMemo(() => trace && traceView(trace, colorOf), [trace, colorOf]);
  const open = async (file: File) => {
    setOpened(await readFile(file));
    setChosen(0);
    // What was selected belongs to the trace before.
    void navigate({ replace: true, search: (previous) => ({ ...previous, span: undefined, find: undefined }) });
  };
  return (
    <>
      <PageTitle title={view?.root?.span.name ?? text.uploadTitle} crumb={<Link to="/traces">{nav.traces}</Link>} />
      {view && opened && trace ? (
        <>
          <div className={styles['from']} role="note">
            <span>{text.uploadFrom(opened.name)}</span>
            {opened.traces.length > 1 && (
              <select
                value={chosen}
                aria-label={text.uploadSeveral(opened.traces.length)}
                onChange={(event) => setChosen(Number(event.currentTarget.value))}
              >
                {opened.traces.map(({ traceId, spans }, at) => (
                  <option key={traceId} value={at}>
                    {traceId} · {text.mapSpans(spans.length)}
                  </option>
                ))}
              </select>
            )}
            <button type="button" className={widgets['link']} onClick={() => setOpened(undefined)}>
              {text.uploadOther}
            </button>
          </div>
          <TraceContent key={trace.traceId} view={view} />
        </>
      ) : (
        <DropZone opened={opened} onFile={(file) => void open(file)} />
      )}
    </>
  );
}

async function readFile(file: File): Promise<Opened> {
  try {
    return { name: file.name, traces: readTraceFile(await file.text()) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { name: file.name, traces: [], problem: error.problem };
  }
}

function DropZone({ opened, onFile }: { readonly opened: Opened | undefined; readonly onFile: (file: File) => void }) {
  const { traceViews: text } = useMessages();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    <div
      className={styles['zone']}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file) onFile(file);
      }}
    >
      <IconFileUpload size={32} stroke={1.2} aria-hidden />
      <strong>{text.uploadTitle}</strong>
      <p>{text.uploadHint}</p>
      <button type="button" className={widgets['pill']} onClick={() => input.current?.click()}>
        {text.uploadChoose}
      </button>
      <input
        ref={input}
        type="file"
        accept=".json,.jsonl,application/json"
        hidden
        aria-label={text.uploadChoose}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) onFile(file);
          // The same file again, once it is mended, is a change, too.
          event.currentTarget.value = '';
        }}
      />
      {opened?.problem && (
        <div className={styles['problem']} role="alert">
          <strong>{text.uploadFailed(opened.name)}</strong>
          <p>
            <ProblemText problem={opened.problem} />
          </p>
        </div>
      )}
    </div>
  );
}

function ProblemText({ problem }: { readonly problem: FileProblem }) {
  const { fileError, expected } = useMessages().traceViews;
  switch (problem.problem) {
    case 'json':
      return fileError.json(problem.detail);
    case 'field':
      return fileError.field(problem.path, expected[problem.expected]);
    default:
      return fileError[problem.problem];
  }
}
