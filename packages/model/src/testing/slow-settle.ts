import { timerToleranceNs } from '../clock-skew.ts';
import { bucketIndex } from '../log2-histogram.ts';
import type { BatchSpan } from './batch-from-text.ts';

/**
 * docs/formats/path-rollup.md read aloud: the judge of the settler. Slow, recursive, by painting time grain by grain. Times must be whole
 * ms below 200 ms, so that half of them are whole grains.
 */
const grainNs = 500_000;
const originGrain = 2_000;

/** A span with its trace; `row` counts over the batch. */
interface Placed extends BatchSpan {
  readonly row: number;
  readonly trace: number;
}

export interface SlowSpan {
  readonly entry: number;
  readonly asynchronous: boolean;
  readonly selfNs: number;
  readonly criticalNs: number;
  readonly parent: number;
}

export interface SlowSettled {
  readonly spans: readonly SlowSpan[];
  /** Columns by the text of their key. */
  readonly paths: ReadonlyMap<string, readonly number[]>;
  readonly edges: ReadonlyMap<string, readonly number[]>;
}

export function slowSettle(traces: readonly (readonly BatchSpan[])[]): SlowSettled {
  let count = 0;
  const all = traces.flatMap((spans, trace) => spans.map((span): Placed => ({ ...span, trace, row: count++ })));
  const withId = (trace: number, id: number) => all.filter((span) => span.trace === trace && span.spanId === id);
  const earliest = (spans: readonly Placed[]) => spans.toSorted((a, b) => a.startNs - b.startNs || a.row - b.row)[0] as Placed;

  const parents = new Map<Placed, Placed>();
  for (const span of all) {
    const caller = withId(span.trace, span.spanId).find(({ kind }) => kind === 'client');
    const named = span.parentSpanId === 0 ? [] : withId(span.trace, span.parentSpanId);
    const client = named.find(({ kind }) => kind === 'client');
    const servers = named.filter(({ kind }) => kind === 'server');
    const isCall = client !== undefined && servers.length > 0;
    const side = [...servers, client].find((each) => each?.service === span.service) ?? servers[0];
    const parent = span.kind === 'server' && caller ? caller : isCall ? side : named[0];
    if (parent) parents.set(span, parent);
  }
  const circleFrom = (next: ReadonlyMap<Placed, Placed>, start: Placed): Placed[] => {
    const way = [start];
    for (let at = next.get(start); at && !way.includes(at); at = next.get(at)) way.push(at);
    return next.get(way.at(-1) as Placed) === start ? way : [];
  };
  for (const span of all) {
    const circle = circleFrom(parents, span);
    if (circle.length > 0) parents.delete(earliest(circle));
  }

  const consumed: { readonly consumer: Placed; readonly publisher: Placed }[] = [];
  const joined = new Map<Placed, Placed>();
  const above = new Map(parents);
  for (const consumer of all.filter(({ kind }) => kind === 'consumer')) {
    const parent = parents.get(consumer);
    const targets = consumer.links.map((link) => withId(link.trace, link.spanId)[0]).filter((target) => target !== parent);
    for (const publisher of [parent, ...targets]) {
      if (!publisher || publisher === consumer) continue;
      if (publisher.kind !== 'producer' && publisher.service === consumer.service) continue;
      consumed.push({ consumer, publisher });
      if (joined.has(consumer)) continue;
      joined.set(consumer, publisher);
      above.set(consumer, publisher);
    }
  }
  for (const span of all) {
    const circle = circleFrom(above, span).filter((each) => joined.has(each) && joined.get(each) !== parents.get(each));
    if (circle.length === 0) continue;
    joined.delete(earliest(circle));
    above.delete(earliest(circle));
  }

  const sameMachine = (a: Placed, b: Placed) => (a.host && b.host ? a.host === b.host : a.service === b.service);
  const starts = new Map<Placed, number>();
  const startOf = (span: Placed): number => {
    const known = starts.get(span);
    if (known !== undefined) return known;
    const parent = parents.get(span);
    let at = span.startNs;
    if (parent && sameMachine(span, parent)) at += startOf(parent) - parent.startNs;
    else if (parent && span.kind === 'server' && parent.kind === 'client') {
      const [from, to] = [startOf(parent), startOf(parent) + parent.durationNs];
      const begins = at >= from - timerToleranceNs && at <= to + timerToleranceNs;
      const ends = at + span.durationNs <= to + timerToleranceNs;
      if (span.durationNs <= parent.durationNs && !(begins && ends)) at = from + (parent.durationNs - span.durationNs) / 2;
      else if (!begins) at = from;
    }
    starts.set(span, at);
    return at;
  };
  const endOf = (span: Placed) => startOf(span) + span.durationNs;
  const childrenOf = (span: Placed) =>
    all.filter((each) => parents.get(each) === span).toSorted((a, b) => startOf(a) - startOf(b) || a.row - b.row);
  const grains = (fromNs: number, toNs: number) =>
    Array.from({ length: Math.max(0, (toNs - fromNs) / grainNs) }, (_, i) => fromNs / grainNs + i);

  const enters = (span: Placed) => span.kind === 'server' || (span.kind === 'consumer' && !joined.has(span));
  const entryRoots = (trace: number) => all.filter((span) => span.trace === trace && !above.has(span) && enters(span));
  const entryOf = (span: Placed): Placed => {
    const over = above.get(span);
    if (over) return enters(span) && !enters(entryOf(over)) ? span : entryOf(over);
    if (enters(span) || span.parentSpanId === 0 || parents.has(span)) return span;
    const first = entryRoots(span.trace).toSorted((a, b) => startOf(a) - startOf(b) || a.row - b.row)[0];
    return first && startOf(first) - timerToleranceNs <= startOf(span) ? first : span;
  };
  const isAsynchronous = (span: Placed): boolean => {
    const over = above.get(span);
    if (joined.has(span)) return true;
    return over !== undefined && entryOf(span) !== span && isAsynchronous(over);
  };
  const hasOwnPath = (span: Placed) => joined.has(span) || entryOf(span) === span;

  /** Owner of each grain of each path, and how long each span and its own were waited for. */
  const waited = new Map<Placed, number>();
  const paint = (canvas: (Placed | undefined)[], span: Placed, fromNs: number, toNs: number): void => {
    waited.set(span, toNs - fromNs);
    for (const grain of grains(fromNs, toNs)) canvas[grain + originGrain] = span;
    const open = childrenOf(span)
      .filter((child) => !(joined.has(child) && joined.get(child) === span))
      .map((child) => ({ child, from: Math.max(startOf(child), fromNs), to: Math.min(endOf(child), toNs) }))
      .filter(({ from, to }) => to > from);
    let cursorNs = toNs;
    for (;;) {
      const candidates = open.filter(({ from, to }) => from < cursorNs && to <= cursorNs + timerToleranceNs);
      const last = candidates.toSorted((a, b) => b.to - a.to || a.from - b.from)[0];
      if (!last) return;
      const end = Math.min(last.to, cursorNs);
      if (hasOwnPath(last.child)) for (const grain of grains(last.from, end)) canvas[grain + originGrain] = undefined;
      else paint(canvas, last.child, last.from, end);
      cursorNs = last.from;
      open.splice(open.indexOf(last), 1);
    }
  };
  const own = new Map<Placed, number>();
  for (const head of all.filter(hasOwnPath)) {
    const canvas: (Placed | undefined)[] = [];
    paint(canvas, head, startOf(head), endOf(head));
    for (const span of canvas) if (span) own.set(span, (own.get(span) ?? 0) + grainNs);
  }
  // A path of one's own tells more than what another path saw of it.
  for (const head of all.filter(hasOwnPath)) waited.set(head, head.durationNs);

  const selfNs = (span: Placed) =>
    grains(startOf(span), endOf(span)).filter(
      (grain) => !childrenOf(span).some((child) => startOf(child) / grainNs <= grain && grain < endOf(child) / grainNs),
    ).length * grainNs;

  const serverSide = (span: Placed) =>
    span.kind === 'client' ? childrenOf(span).find(({ kind }) => kind === 'server') : undefined;
  const dependencyOf = (span: Placed) => (span.dependencyKind ? `${span.dependencyKind} ${span.dependency}` : '');
  const pathDependency = (span: Placed) => (span.dependencyKind === 'remote' && serverSide(span) ? '' : dependencyOf(span));
  const nameOf = (span: Placed | undefined) => (span ? `${span.service} ${span.name}` : '');
  const waitNs = (consumer: Placed, publisher: Placed) => Math.max(0, startOf(consumer) - endOf(publisher));
  const add = (sums: Map<string, number[]>, key: readonly (string | number)[], values: readonly number[]) => {
    const before = sums.get(key.join('|'));
    const total = before?.map((value, i) => value + (values[i] as number)) ?? [...values];
    // The last figure is a maximum.
    if (before) total[total.length - 1] = Math.max(before.at(-1) as number, values.at(-1) as number);
    sums.set(key.join('|'), total);
  };

  const paths = new Map<string, number[]>();
  const edges = new Map<string, number[]>();
  const firstOf = (span: Placed, valueOf: (each: Placed) => string) =>
    Number(
      earliest(
        all.filter(
          (each) =>
            each.trace === span.trace &&
            entryOf(each) === entryOf(span) &&
            isAsynchronous(each) === isAsynchronous(span) &&
            valueOf(each) === valueOf(span),
        ),
      ) === span,
    );
  const addPath = (span: Placed, entry: Placed, asynchronous: boolean, values: readonly number[]) =>
    add(
      paths,
      [
        nameOf(entry),
        entry.kind,
        Number(asynchronous),
        Number(entry === span),
        nameOf(span),
        span.kind,
        span.host,
        pathDependency(span),
        bucketIndex(span.durationNs, 8),
      ],
      values,
    );
  const endpointOf = (span: Placed): Placed => {
    const parent = parents.get(span);
    return span.kind === 'server' || span.kind === 'consumer' || !parent ? span : endpointOf(parent);
  };
  const addEdge = (
    span: Placed,
    caller: Placed | undefined,
    callee: Placed | undefined,
    dependency: string,
    side: string,
    wait = 0,
  ) => {
    const from = caller && endpointOf(caller);
    add(
      edges,
      [nameOf(from), nameOf(callee), dependency, side, bucketIndex(span.durationNs, 8)],
      [
        1,
        Number(span.error),
        Number(span.error && (from?.error ?? false)),
        span.durationNs,
        waited.get(span) ?? 0,
        wait,
        span.durationNs,
      ],
    );
  };
  for (const span of all.filter(({ inWindow }) => inWindow)) {
    addPath(span, entryOf(span), isAsynchronous(span), [
      1,
      Number(span.error),
      span.durationNs,
      selfNs(span),
      own.get(span) ?? 0,
      0,
      0,
      firstOf(span, (each) => each.service),
      firstOf(span, (each) => each.host),
      pathDependency(span) === '' ? 0 : firstOf(span, pathDependency),
      span.durationNs,
    ]);
    const parent = parents.get(span);
    const messages = consumed.filter(({ consumer }) => consumer === span);
    for (const { publisher } of messages) {
      addPath(span, entryOf(publisher), true, [0, 0, 0, 0, 0, 1, waitNs(span, publisher), 0, 0, 0, 0]);
      addEdge(span, publisher, span, dependencyOf(span) || dependencyOf(publisher), 'server', waitNs(span, publisher));
    }
    if (span.kind === 'server') {
      if (parent && (parent.kind === 'client' || parent.service !== span.service)) addEdge(span, parent, span, '', 'server');
    } else if (span.kind === 'consumer') {
      if (messages.length === 0 && dependencyOf(span)) addEdge(span, undefined, span, dependencyOf(span), 'server');
    } else if (serverSide(span)) addEdge(span, span, serverSide(span), '', 'client');
    else if (dependencyOf(span)) addEdge(span, span, undefined, dependencyOf(span), 'client');
  }
  return {
    spans: all.map((span) => ({
      entry: entryOf(span).row,
      asynchronous: isAsynchronous(span),
      selfNs: selfNs(span),
      criticalNs: own.get(span) ?? 0,
      parent: parents.get(span)?.row ?? -1,
    })),
    paths,
    edges,
  };
}
