/** What is of the part that was asked for: places on a way, and verdicts. */
import type { PathPart } from './facts.ts';
import type { Cause, Finding } from './verdict.ts';

export interface Part {
  readonly kind: 'host' | 'statement' | 'queue' | 'database' | 'remote';
  /** The host, the queue's destination, `address` or `address/name` of a database, the remote's address; of a statement its hash. */
  readonly name: string;
}

const isOf: Readonly<Record<Part['kind'], (name: string, part: PathPart) => boolean>> = {
  host: (name, { host }) => host === name,
  statement: (name, { hash }) => hash === name,
  queue: (name, part) => part.kind === 'queue' && part.name === name,
  remote: (name, { address, kind }) => kind === 'remote' && address === name,
  database: (name, part) =>
    (part.kind === 'statement' || part.kind === 'database') &&
    (part.address === name || `${part.address}/${part.name}` === name),
};

export function isOfPart({ kind, name }: Part, part: PathPart): boolean {
  return isOf[kind](name, part);
}

/** Those about it first, each group in its order. `parts`: of both periods; they tell what runs where and which statement is of which database. */
export function aboutFirst(part: Part, findings: readonly Finding[], parts: readonly PathPart[]): Finding[] {
  const about = (finding: Finding) => Number(isAbout(part, finding, parts));
  return findings.toSorted((a, b) => about(b) - about(a));
}

/** Causes that are of a machine, though a service is named as what suffers. */
const ofHosts: readonly Cause[] = ['host CPU saturated', 'CPU steal', 'host I/O saturated'];

export function isAbout(part: Part, { cause, subject }: Finding, parts: readonly PathPart[]): boolean {
  const own = parts.filter((one) => isOfPart(part, one));
  switch (part.kind) {
    case 'host':
      if (subject.kind === 'host') return subject.name === part.name;
      if (subject.kind === 'instance') return own.some(({ instance }) => instance === subject.name);
      return ofHosts.includes(cause) && own.some(({ service }) => service === subject.service);
    case 'statement':
    case 'database':
      if (subject.hash !== '') return own.some(({ hash }) => hash === subject.hash);
      return subject.kind === 'database' && own.some((one) => (one.address || one.name || one.service) === subject.name);
    default:
      return subject.kind === part.kind && subject.name === part.name;
  }
}
