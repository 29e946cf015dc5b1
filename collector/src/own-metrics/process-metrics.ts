import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';

const resolutionMs = 20;

/**
 * The process and its event loop, in the names of the semantic conventions ("OS process metrics", "Node.js runtime metrics"). The delays
 * are those since the report before.
 */
export function observeProcess(meter: Meter): void {
  const cpu = meter.createObservableCounter('process.cpu.time', { unit: 's', description: 'CPU seconds, by mode.' });
  const memory = meter.createObservableUpDownCounter('process.memory.usage', { unit: 'By', description: 'Resident memory.' });
  cpu.addCallback((result) => {
    const { user, system } = process.cpuUsage();
    result.observe(user / 1e6, { 'cpu.mode': 'user' });
    result.observe(system / 1e6, { 'cpu.mode': 'system' });
  });
  memory.addCallback((result) => result.observe(process.memoryUsage.rss()));

  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  const delay = (statistic: string) =>
    meter.createObservableGauge(`nodejs.eventloop.delay.${statistic}`, { unit: 's', description: 'Of the event loop.' });
  const gauges = { mean: delay('mean'), p50: delay('p50'), p99: delay('p99'), max: delay('max') };
  meter.addBatchObservableCallback((result) => {
    // The histogram counts from one timer to the next, the timer's own interval included.
    const secondsOf = (ns: number): number => (Number.isFinite(ns) ? Math.max(0, ns / 1e9 - resolutionMs / 1e3) : 0);
    result.observe(gauges.mean, secondsOf(delays.mean));
    result.observe(gauges.p50, secondsOf(delays.percentile(50)));
    result.observe(gauges.p99, secondsOf(delays.percentile(99)));
    result.observe(gauges.max, secondsOf(delays.max));
    delays.reset();
  }, Object.values(gauges));
}
