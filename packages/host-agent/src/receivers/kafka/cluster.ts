// `import type`: with `{ type Admin }` the emitted file would load it.
import type { Admin } from 'kafkajs';
import { type ClusterState, type Group, type Topic } from './metrics.ts';

/** A cluster may have thousands; each costs two requests. */
const topicsMax = 100;
const groupsMax = 200;
/** Answers in flight are memory. */
const atOnceMax = 8;

export interface Asked {
  readonly state: ClusterState;
  /** Why a part could not be had: the first error of each. */
  readonly failed: readonly { readonly part: 'offsets' | 'groups'; readonly error: unknown }[];
}

/** Offsets of groups before those of partitions, so that a group is never ahead. Topics of Kafka's own are left out. */
export async function askCluster(admin: Admin): Promise<Asked> {
  const failed: Asked['failed'][number][] = [];
  const fail = (part: 'offsets' | 'groups') => (error: unknown) => {
    if (!failed.some((one) => one.part === part)) failed.push({ part, error });
    return undefined;
  };
  const { brokers } = await admin.describeCluster();
  const found = (await admin.fetchTopicMetadata()).topics;
  const listed = found.filter(({ name }) => !name.startsWith('__')).slice(0, topicsMax);
  const groups = (await groupsOf(admin).catch(fail('groups'))) ?? [];
  const topics = await inParts(listed, async ({ name, partitions }): Promise<Topic> => {
    const offsets = (await admin.fetchTopicOffsets(name).catch(fail('offsets'))) ?? [];
    const byId = new Map(offsets.map((one) => [one.partition, one]));
    return {
      name,
      partitions: partitions.map(({ partitionId, leader, replicas, isr }) => ({
        id: partitionId,
        leader,
        replicas: replicas.length,
        inSync: isr.length,
        oldest: numberIn(byId.get(partitionId)?.low),
        end: numberIn(byId.get(partitionId)?.high),
      })),
    };
  });
  return { state: { brokers: brokers.length, topics, groups }, failed };
}

async function groupsOf(admin: Admin): Promise<Group[]> {
  const listed = (await admin.listGroups()).groups;
  // Kafka Connect and others have groups of their own kind, without offsets.
  const ids = listed
    .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
    .map(({ groupId }) => groupId);
  const chosen = [...new Set(ids)].toSorted().slice(0, groupsMax);
  if (chosen.length === 0) return [];
  const { groups } = await admin.describeGroups(chosen);
  const members = new Map(groups.map((group) => [group.groupId, group.members.length]));
  return inParts(chosen, async (id) => {
    const topics = await admin.fetchOffsets({ groupId: id });
    const offsets = topics.flatMap(({ topic, partitions }) =>
      partitions.flatMap(({ partition, offset }) => {
        const number = numberIn(offset);
        return number === undefined ? [] : [{ topic, partition, offset: number }];
      }),
    );
    return { id, members: members.get(id) ?? 0, offsets };
  });
}

async function inParts<Item, Result>(items: readonly Item[], ask: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += atOnceMax)
    results.push(...(await Promise.all(items.slice(at, at + atOnceMax).map(ask))));
  return results;
}

/** -1 is "none". */
function numberIn(offset: string | undefined): number | undefined {
  const number = Number(offset ?? NaN);
  return number >= 0 ? number : undefined;
}
