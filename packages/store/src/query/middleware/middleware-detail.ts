import type { MiddlewareDetail, MiddlewareQueue, MiddlewareStatement } from '@sonde/api';
import { chartLines, formulasOf, groupBy, kindPage, needed, tableRows } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import { p95Level, percentilesNs } from '../histograms.ts';
import { wholeRange } from '../host-cpu.ts';
import { impact } from '../impact.ts';
import type { TimeRange } from '../range.ts';
import type { Place } from '../ranked.ts';
import { fromRollup, rollupRange, rollupTypes } from '../rollup-range.ts';
import { metricStepMsMin } from '../service.ts';
import { hashHex } from '../spans.ts';
import { statementTexts } from '../statements.ts';
import { stepsOf } from '../steps.ts';
import { calledParams, calledTypes, isCalled } from './called.ts';
import { calledQuery, type CalledRow, isIn, p95Of } from './calls.ts';
import { measured, middlewareLevelsQuery, middlewareRatesQuery } from './measured.ts';
import { joined, resourcesOf, summaryOf } from './middleware.ts';
import { destinationsQuery, machinesQuery, reportedQuery, reporterQuery } from './reported.ts';

const statementsMax = 50;
const rowsMax = 200;
const apisMax = 100;

/** Statements to the called, the most time first. */
export const calledStatementsQuery = defineQuery({
  name: 'calledStatements',
  isQuick: true,
  params: { ...rollupTypes, ...calledTypes, environment: 'String', namespace: 'String' },
  row: {
    hash: 'String',
    database: 'String',
    requests: 'Float64',
    failures: 'Float64',
    totalNs: 'Float64',
    criticalNs: 'Float64',
    p95Ns: 'Array(Float64)',
    allNs: 'Float64',
  },
  sql: `
SELECT ${hashHex('statement_hash')} AS hash, CAST(dependency_name, 'String') AS database, requests, failures, totalNs, criticalNs, p95Ns,
  sum(totalNs) OVER () AS allNs
FROM (
  SELECT statement_hash, dependency_name, toFloat64(sum(calls)) AS requests, toFloat64(sum(errors)) AS failures,
    toFloat64(sum(total_ns)) AS totalNs, toFloat64(sum(critical_ns)) AS criticalNs, ${percentilesNs(p95Level, 'requests')} AS p95Ns
  FROM (
    ${fromRollup(
      'path',
      'statement_hash, dependency_name, calls, errors, total_ns, critical_ns, max_ns, hist',
      `dependency_kind = 1 AND ${isCalled} AND ${isIn}`,
    )}
  )
  GROUP BY statement_hash, dependency_name
)
ORDER BY totalNs DESC, hash, database
LIMIT ${statementsMax}`,
});

export const allMiddlewareQueries = [
  reportedQuery,
  reporterQuery,
  machinesQuery,
  destinationsQuery,
  calledQuery,
  calledStatementsQuery,
  middlewareRatesQuery,
  middlewareLevelsQuery,
];

/** undefined: nothing is known of it in the range. */
export async function middlewareDetail(
  engine: Engine,
  range: TimeRange,
  id: string,
  place: Place,
): Promise<MiddlewareDetail | undefined> {
  const one = (await joined(engine, range, place)).find(({ entity }) => entity.id === id);
  if (one === undefined) return undefined;
  const { environment = '', namespace = '' } = place;
  const page = kindPage(one.entity.kind);
  const formulas = formulasOf(page);
  const steps = stepsOf(range, metricStepMsMin);
  const subjects = [resourcesOf(one)];
  const [[lines = []], [parts = []], statements, apis] = await Promise.all([
    measured(engine, range, steps, subjects, needed(formulas.overTime)),
    measured(engine, range, wholeRange(range), subjects, needed(formulas.atOnce)),
    statementsOf(engine, range, one.calls, place),
    one.calls.length === 0
      ? []
      : impact(engine, range, {
          injured: { kind: 'middleware', called: one.calls },
          limit: apisMax,
          environment,
          namespace,
        }).then((reply) => reply.apis),
  ]);
  return {
    range,
    summary: summaryOf(one, parts),
    stepMs: steps.stepMs,
    timesMs: [...steps.timesMs],
    charts: page.charts.flatMap((chart) => {
      const { id: chartId, max = null, stacked = false, unit } = chart;
      const series = chartLines(chart, lines, steps.timesMs.length).map((own) => ({ ...own, unit }));
      return series.length === 0 ? [] : [{ id: chartId, unit, stacked, max, series }];
    }),
    tables: page.tables.flatMap((table) => {
      const rows = tableRows(table, parts).slice(0, rowsMax);
      if (rows.length === 0) return [];
      const columns = table.columns.map(({ id: columnId, unit }) => ({ id: columnId, unit }));
      return [
        {
          id: table.id,
          by: [...table.by],
          columns,
          rows: rows.map(({ names, values }) => ({ names: [...names], values: [...values] })),
        },
      ];
    }),
    statements,
    queues: queuesOf(one.calls),
    apis,
  };
}

async function statementsOf(
  engine: Engine,
  range: TimeRange,
  calls: readonly CalledRow[],
  { environment = '', namespace = '' }: Place,
): Promise<MiddlewareStatement[]> {
  const asked = calls.filter(({ dependencyKind }) => dependencyKind === 1);
  if (asked.length === 0) return [];
  const params = { ...rollupRange(range).params, ...calledParams(asked), environment, namespace };
  const rows = await ask(engine, calledStatementsQuery, params);
  const texts = await statementTexts(
    engine,
    rows.map(({ hash }) => hash),
  );
  return rows.map(({ allNs, criticalNs, database, failures, hash, p95Ns, requests, totalNs }) => ({
    statement: texts.get(hash) ?? '',
    statementHash: hash,
    database,
    requests,
    errors: failures,
    totalNs,
    criticalNs,
    p95Ns: p95Ns[0] ?? null,
    share: allNs === 0 ? 0 : Math.min(1, totalNs / allNs),
  }));
}

function queuesOf(calls: readonly CalledRow[]): MiddlewareQueue[] {
  const queues = groupBy(
    calls.filter(({ dependencyKind }) => dependencyKind === 2),
    ({ dependencyName, system }) => JSON.stringify([system, dependencyName]),
  );
  const sum = (rows: readonly CalledRow[], valueOf: (row: CalledRow) => number) =>
    rows.reduce((total, row) => total + valueOf(row), 0);
  return [...queues.values()]
    .map((rows): MiddlewareQueue => {
      const [{ dependencyName, system }] = rows as [CalledRow];
      const consumed = sum(rows, ({ read }) => read);
      return {
        system,
        destination: dependencyName,
        published: sum(rows, ({ requests }) => requests),
        errors: sum(rows, ({ failures }) => failures),
        p95Ns: p95Of(rows),
        consumed,
        meanWaitNs: consumed === 0 ? null : sum(rows, ({ waitNs }) => waitNs) / consumed,
      };
    })
    .toSorted((a, b) => (b.meanWaitNs ?? 0) - (a.meanWaitNs ?? 0) || b.published - a.published);
}
