import { open } from 'node:fs/promises';

export interface Journal {
  /** Resolves when it is on the disk. */
  write(record: object): Promise<void>;
  close(): Promise<void>;
}

/** What was sold, one record a line, for the accounts: kept even if the database and the queue are lost. */
export async function openJournal(path: string): Promise<Journal> {
  const file = await open(path, 'a');
  let last = Promise.resolve();
  const write = async (line: string): Promise<void> => {
    await file.appendFile(line);
    await file.datasync();
  };
  return {
    write: (record) => {
      // One after the other; one that fails is its caller's, not the next one's.
      const written = last.catch(() => undefined).then(() => write(`${JSON.stringify(record)}\n`));
      last = written;
      return written;
    },
    close: async () => {
      await last.catch(() => undefined);
      await file.close();
    },
  };
}
