/**
 * The statements of the schema for a cluster. A migration is written once, for one machine; here each of its statements becomes those
 * that do the same on every server:
 *
 *   CREATE TABLE x         x_local, replicated within its shard, and x, Distributed over the shards, which everybody reads and writes
 *   CREATE VIEW v TO y     on each shard, from its x_local into its y_local: what is derived of a row stays where the row is
 *   ALTER TABLE x          x_local; x too, where columns change
 *   DROP TABLE x           both
 *
 * A statement of another shape is an error and never passed on as it is: half a schema would be worse than none. A test takes every
 * migration through here.
 */
import { isClusterName } from '../engine/settings.ts';
import { definition, isPlain, type Column, splitAtCommas, tailClauses, closingParenthesis } from './statement-parts.ts';

/** On every server the same rows, whatever its shard: what each must know by itself. */
const everywhere: ReadonlySet<string> = new Set(['migrations']);

/**
 * A week, where the engine would forget the token of a load after an hour: a collector that was away may repeat its last one when it is
 * back. In number the tokens are bounded as on one machine, by table and shard.
 */
const deduplicationSeconds = 604_800;

/** Statements to be run in this order on any server of the cluster. Throws for a statement of a shape that is not known. */
export function onCluster(statement: string, cluster: string): readonly string[] {
  if (!isClusterName(cluster)) throw new Error(`Not the name of a cluster: ${JSON.stringify(cluster)}`);
  const on = `ON CLUSTER '${cluster}'`;
  const sql = statement.trim();
  const [, kind = ''] =
    /^(CREATE TABLE|CREATE MATERIALIZED VIEW|ALTER TABLE|DROP TABLE|DROP VIEW|INSERT INTO)\b/.exec(sql) ?? [];
  switch (kind) {
    case 'CREATE TABLE':
      return createTable(sql, on, cluster);
    case 'CREATE MATERIALIZED VIEW':
      return [createView(sql, on)];
    case 'ALTER TABLE':
      return alterTable(sql, on);
    case 'DROP TABLE':
    case 'DROP VIEW':
      return drop(sql, on);
    case 'INSERT INTO':
      return [sql];
    default:
      throw unknown(sql);
  }
}

function createTable(sql: string, on: string, cluster: string): readonly string[] {
  const [head, table = ''] = /^CREATE TABLE IF NOT EXISTS (\w+) \(/.exec(sql) ?? [];
  if (head === undefined) throw unknown(sql);
  const end = closingParenthesis(sql, head.length - 1);
  const [engine, family = '', args = ''] = /^\s*ENGINE = (\w*)MergeTree(?:\(([^()]*)\))?(?=\s)/.exec(sql.slice(end + 1)) ?? [];
  if (engine === undefined || family.startsWith('Replicated')) throw unknown(sql);
  const columns = sql.slice(head.length - 1, end + 1);
  const rest = replicatedSettings(sql.slice(end + 1 + engine.length));

  const isEverywhere = everywhere.has(table);
  const [path, replica] = isEverywhere ? ['all', '{shard}-{replica}'] : ['{shard}', '{replica}'];
  const replicated = [`'/clickhouse/tables/${path}/{database}/{table}'`, `'${replica}'`, ...(args.trim() === '' ? [] : [args])];
  const create = (name: string) =>
    `CREATE TABLE IF NOT EXISTS ${name} ${on} ${columns} ENGINE = Replicated${family}MergeTree(${replicated.join(', ')})${rest}`;
  if (isEverywhere) return [create(table)];
  const key = shardingKey(table, columns, rest);
  return [
    create(local(table)),
    `CREATE TABLE IF NOT EXISTS ${table} ${on} AS ${local(table)}
ENGINE = Distributed('${cluster}', currentDatabase(), '${local(table)}', ${key})`,
  ];
}

/**
 * By which the rows of a table are spread. It must follow from the row alone: a load that is repeated has to send each row to the shard
 * that it went to before.
 *
 * A series and a trace stay on one shard each, so that what pairs their rows need not ask another. What belongs to no trace is spread by
 * sender and time, not put on the one shard of the empty trace. Of all else, rows that merge meet: the hash is of the sort key without
 * its times.
 */
function shardingKey(table: string, columns: string, rest: string): string {
  const known = new Map<string, Column>(
    splitAtCommas(columns.slice(1, -1))
      .map(definition)
      .flatMap((one) => (one ? [[one.name, one]] : [])),
  );
  const has = (name: string): boolean => isPlain(known.get(name));
  if (has('series_id')) return 'cityHash64(series_id)';
  if (has('trace_id') && has('observed_timestamp')) {
    return `if(trace_id = toFixedString('', 16), cityHash64(resource_id, timestamp, observed_timestamp), cityHash64(trace_id))`;
  }
  if (has('trace_id')) return 'cityHash64(trace_id)';
  const key = splitAtCommas(withoutParentheses(tailClauses(rest)['ORDER BY'] ?? '')).filter(has);
  const untimed = key.filter((name) => !/\bDate/.test(known.get(name)?.type ?? ''));
  const [chosen] = [untimed, key].filter((names) => names.length > 0);
  if (!chosen) throw new Error(`Nothing in the sort key of ${table} can spread its rows over shards.`);
  return `cityHash64(${chosen.join(', ')})`;
}

function createView(sql: string, on: string): string {
  const [, view, target, select] =
    /^CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO (\w+) AS\s+(SELECT\b[^]*)$/.exec(sql) ?? [];
  if (view === undefined || target === undefined || select === undefined) throw unknown(sql);
  // A join would see the inserted rows on one side and a whole table on the other, and that of one shard only.
  if (/\bJOIN\b/.test(select)) throw unknown(sql);
  let sources = 0;
  const fromLocal = select.replaceAll(/\bFROM\s+(\w+)\b(?!\s*\()/g, (_, source: string) => {
    sources++;
    return `FROM ${local(source)}`;
  });
  if (sources !== 1) throw unknown(sql);
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS ${view} ${on} TO ${local(target)} AS\n${fromLocal}`;
}

const ofColumns = /^(?:ADD|MODIFY|DROP|RENAME|COMMENT) COLUMN\b/;
const ofStorage =
  /^(?:MODIFY COLUMN \w+ (?:CODEC|(?:MODIFY|RESET) SETTING)|(?:MODIFY|RESET) SETTING|(?:ADD|DROP|MATERIALIZE|CLEAR) INDEX|(?:MODIFY|MATERIALIZE|REMOVE) TTL|MODIFY ORDER BY|MATERIALIZE COLUMN)\b/;

function alterTable(sql: string, on: string): readonly string[] {
  const [, table, actions] = /^ALTER TABLE (\w+)\s+([^]+)$/.exec(sql) ?? [];
  if (table === undefined || actions === undefined) throw unknown(sql);
  // The commas between settings are no commas between actions.
  const given = splitAtCommas(actions).reduce<string[]>((sofar, part) => {
    const last = sofar.at(-1);
    if (last !== undefined && /^(?:MODIFY|RESET) SETTING\b/.test(last) && /^\w+(?:\s*=|$)/.test(part))
      return [...sofar.slice(0, -1), `${last}, ${part}`];
    return [...sofar, part];
  }, []);
  if (everywhere.has(table) || !given.every((action) => ofColumns.test(action) || ofStorage.test(action))) throw unknown(sql);
  const columns = given.filter((action) => ofColumns.test(action) && !ofStorage.test(action)).map(withoutPlace);
  const onLocal = `ALTER TABLE ${local(table)} ${on} ${replicatedSettings(given.join(', '))}`;
  return columns.length === 0 ? [onLocal] : [onLocal, `ALTER TABLE ${table} ${on} ${columns.join(', ')}`];
}

/** Where a column stands is nothing to a table that holds none. */
function withoutPlace(action: string): string {
  return action.replace(/\s+(?:FIRST|AFTER \w+)$/, '');
}

/** SYNC: the table may be made anew by the next statement, and its place in Keeper must be free by then. */
function drop(sql: string, on: string): readonly string[] {
  const [, kind, name] = /^DROP (TABLE|VIEW) IF EXISTS (\w+)(?: SYNC)?$/.exec(sql) ?? [];
  if (kind === undefined || name === undefined || everywhere.has(name)) throw unknown(sql);
  const names = kind === 'VIEW' ? [name] : [name, local(name)];
  return names.map((one) => `DROP ${kind} IF EXISTS ${one} ${on} SYNC`);
}

function replicatedSettings(sql: string): string {
  return sql.replaceAll(
    /\bnon_replicated_deduplication_window = (\d+)/g,
    `replicated_deduplication_window = $1, replicated_deduplication_window_seconds = ${deduplicationSeconds}`,
  );
}

export function local(table: string): string {
  if (everywhere.has(table))
    throw new Error(`${table} is the same on every server: nothing is derived from it, and nothing into it.`);
  return `${table}_local`;
}

function withoutParentheses(sql: string): string {
  return sql.startsWith('(') && closingParenthesis(sql, 0) === sql.length - 1 ? sql.slice(1, -1) : sql;
}

export function unknown(sql: string): Error {
  return new Error(`A cluster has no form of this statement: ${sql.slice(0, 200)}`);
}
