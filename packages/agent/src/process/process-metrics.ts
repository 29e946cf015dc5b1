import { type Meter } from '@opentelemetry/api';
import { type Drops } from '../export/drops.ts';

/** What the runtime instrumentation leaves out (semantic conventions "OS process metrics"), and what the agent itself lost. */
export function observeProcess(meter: Meter, drops: Drops): void {
  meter
    .createObservableCounter('process.cpu.time', { unit: 's', description: 'CPU seconds, by mode.' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe(user / 1e6, { 'cpu.mode': 'user' });
      result.observe(system / 1e6, { 'cpu.mode': 'system' });
    });
  meter
    .createObservableUpDownCounter('process.memory.usage', { unit: 'By', description: 'Resident memory.' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  meter
    .createObservableGauge('process.uptime', { unit: 's', description: 'Since the process started.' })
    .addCallback((result) => result.observe(process.uptime()));
  meter
    .createObservableCounter('sonde.agent.dropped', {
      unit: '{item}',
      description: 'What the agent could not deliver, by reason.',
    })
    .addCallback((result) => {
      for (const { signal, reason, count } of drops.counts.values()) result.observe(count, { signal, reason });
    });
}
